#include "resolver/rendering.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <locket/secret_buffer.hpp>

#include "resolver/reference_places.hpp"

namespace locket::inline v1::resolver {
namespace {

Error too_large(const Document& document, std::size_t max) {
  return Error(
      {.code = ErrorCode::LimitExceeded,
       .reason = "resolver.too_large",
       .message = fmt::format("with its references replaced the document has more than {} bytes", max),
       .hint = "split the document; a program may raise `max_output`",
       .place = document.file.empty() ? std::nullopt : std::optional(Place{.file = std::string(document.file)})});
}

// The reference of a scalar that is nothing but one.
std::size_t only_slot(const Plan& plan, std::size_t scalar) {
  const auto parts = plan.parts_of(scalar);
  return parts.size() == 1 ? parts.front().slot : nothing;
}

// False when it would become longer than `max`.
bool compose(const Plan& plan, const Reading& reading, std::size_t scalar, std::size_t max, SecretBuffer& text) {
  const std::string_view written = plan.scalars[scalar].text;
  for (const Part& part : plan.parts_of(scalar)) {
    const std::string_view piece =
        part.slot == nothing ? written.substr(part.begin, part.end - part.begin) : reading.values[part.slot].view;
    if (piece.size() > max - text.size()) return false;
    text.append(piece);
  }
  return true;
}

class Renderer {
 public:
  Renderer(Plan& plan, const Reading& reading, std::size_t max_output)
      : plan_(plan), reading_(reading), text_(plan.document.text), max_output_(max_output) {}

  Result<SecretValue> run() {
    out_.reserve(std::min(text_.size() + text_.size() / 8, max_output_));
    for (std::size_t scalar = 0; scalar < plan_.scalars.size(); ++scalar) {
      if (plan_.changes(scalar) && !replace(scalar)) return too_large(plan_.document, max_output_);
    }
    if (!keep(text_.size())) return too_large(plan_.document, max_output_);
    return std::move(out_).finish();
  }

 private:
  bool replace(std::size_t scalar) {
    const std::size_t slot = only_slot(plan_, scalar);
    if (slot != nothing) {
      const Shaped& value = reading_.values[slot];
      return value.kind == Value::Kind::Null ? drop(scalar) : write(scalar, {.kind = value.kind, .text = value.view});
    }
    SecretBuffer composed;
    return compose(plan_, reading_, scalar, max_output_, composed) && write(scalar, {.text = composed.view()});
  }

  bool drop(std::size_t scalar) {
    const Scalar& each = plan_.scalars[scalar];
    if (each.entry_begin == each.entry_end) return write(scalar, {.kind = Value::Kind::Null});
    if (!keep(std::max(each.entry_begin, at_))) return false;
    at_ = std::max(at_, each.entry_end);
    return true;
  }

  bool write(std::size_t scalar, const Value& value) {
    const Scalar& each = plan_.scalars[scalar];
    if (!keep(each.begin)) return false;
    at_ = each.end;
    auto written = plan_.document.format->write(text_, each, value, out_);
    if (!written) unwritable(scalar, std::move(written).error());
    return out_.size() <= max_output_;
  }

  bool keep(std::size_t end) {
    if (end - at_ > max_output_ - std::min(max_output_, out_.size())) return false;
    out_.append(text_.substr(at_, end - at_));
    at_ = end;
    return true;
  }

  // Told at the first reference of the scalar, or at the scalar when what it holds is escaped.
  void unwritable(std::size_t scalar, Error error) {
    for (const Part& part : plan_.parts_of(scalar)) {
      if (part.slot != nothing) return plan_.add_problem(part.slot, std::move(error.details()));
    }
    ++plan_.references;
    plan_.problems.push_back({.scalar = scalar, .details = std::move(error.details())});
  }

  Plan& plan_;
  const Reading& reading_;
  std::string_view text_;
  std::size_t max_output_;
  std::size_t at_ = 0;
  SecretBuffer out_;
};

SecretValue taken(Shaped& value) {
  const bool is_all = value.owned.expose().data() == value.view.data() && value.owned.size() == value.view.size();
  return is_all ? std::move(value.owned) : SecretValue(value.view);
}

}  // namespace

Result<SecretValue> render(Plan& plan, const Reading& reading, std::size_t max_output) {
  return Renderer(plan, reading, max_output).run();
}

Result<std::vector<ResolvedScalar>> values_of(Plan& plan, Reading& reading, std::size_t max_output) {
  std::vector<ResolvedScalar> values;
  values.reserve(plan.scalars.size());
  ReferencePlaces places(plan);
  std::size_t size = 0;
  for (std::size_t scalar = 0; scalar < plan.scalars.size(); ++scalar) {
    Scalar& each = plan.scalars[scalar];
    ResolvedScalar value{.kind = each.kind, .place = places.of(scalar)};
    if (const std::size_t slot = only_slot(plan, scalar); slot != nothing) {
      Shaped& shaped = reading.values[slot];
      value.content = ResolvedValue{.kind = shaped.kind, .value = taken(shaped)};
    } else if (plan.changes(scalar)) {
      SecretBuffer text;
      if (!compose(plan, reading, scalar, max_output - size, text)) return too_large(plan.document, max_output);
      value.content = ResolvedValue{.value = std::move(text).finish()};
    } else {
      value.content = std::move(each.text);
    }
    if (const auto* resolved = std::get_if<ResolvedValue>(&value.content)) size += resolved->value.size();
    if (size > max_output) return too_large(plan.document, max_output);
    value.path = std::move(each.path);
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace locket::inline v1::resolver
