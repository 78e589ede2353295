#include "resolver/plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "resolver/openers.hpp"
#include "resolver/reference_parts.hpp"

namespace locket::inline v1::resolver {
namespace {

ErrorDetails details_of(Wrong wrong, ErrorCode code) {
  return {.code = code,
          .reason = std::move(wrong.reason),
          .message = std::move(wrong.message),
          .hint = std::move(wrong.hint)};
}

Error too_large(const Document& document, std::size_t max) {
  return Error(
      {.code = ErrorCode::LimitExceeded,
       .reason = "resolver.too_large",
       .message = fmt::format("the document has {} bytes; {} are allowed", document.text.size(), max),
       .hint = "split the document; a program may raise `max_input`",
       .place = document.file.empty() ? std::nullopt : std::optional(Place{.file = std::string(document.file)})});
}

Error too_many(const Document& document, std::size_t max) {
  return Error(
      {.code = ErrorCode::LimitExceeded,
       .reason = "resolver.too_many",
       .message = fmt::format("the document has more than {} references", max),
       .hint = "split the document; a program may raise `max_references`",
       .place = document.file.empty() ? std::nullopt : std::optional(Place{.file = std::string(document.file)})});
}

Error in_file(Error error, std::string_view file) {
  if (error.place()) error.details().place->file = file;
  return error;
}

// Takes one scalar's text apart.
class Reader {
 public:
  Reader(Plan& plan, std::size_t scalar)
      : plan_(plan), scalar_(scalar), text_(plan.scalars[scalar].text), openers_(text_, plan.delimiters) {}

  void run(std::size_t max_references) {
    for (Opener opener = openers_.next(0); opener.form != nullptr; opener = openers_.next(at_)) {
      literal(opener.run + opener.dollars());
      if (opener.escaped()) {
        at_ = opener.at + 1;
      } else {
        reference(opener);
      }
      if (plan_.references > max_references) return;
    }
    literal(text_.size());
  }

 private:
  void literal(std::size_t end) {
    if (end > at_) plan_.parts.push_back({.begin = at_, .end = end});
  }

  void reference(const Opener& opener) {
    ++plan_.references;
    Split parts;
    Wrong wrong;
    Slot slot{.form = opener.form, .scalar = scalar_, .begin = opener.at};
    at_ = opener.at + opener.form->opener.size();
    if (!split(text_, opener.at, *opener.form, plan_.delimiters, parts, wrong)) return bad(opener, std::move(wrong));
    at_ = parts.end;
    if (!interpret(parts, slot.reference, wrong)) return bad(opener, std::move(wrong));
    slot.whole = opener.at == 0 && at_ == text_.size();
    if (!fits(slot, wrong)) return bad(opener, std::move(wrong));
    plan_.parts.push_back({.begin = opener.at, .end = at_, .slot = plan_.slots.size()});
    plan_.slots.push_back(std::move(slot));
  }

  // What can only be a whole value.
  static bool fits(const Slot& slot, Wrong& wrong) {
    if (slot.whole) return true;
    if (slot.reference.optional) {
      wrong = {.reason = "reference.optional",
               .message = "an optional reference must be the whole value, but stands in a longer text",
               .hint = "for the empty string write '|' instead of 'optional'"};
      return false;
    }
    if (slot.reference.type != Reference::Type::Json || slot.reference.encode != Reference::Encoding::None) return true;
    wrong = {.reason = "reference.type",
             .message = "type=json stands in a longer text, where no JSON value can",
             .hint = "make it the whole value, or add enc=json for JSON's text"};
    return false;
  }

  // Without quotes a blank and '#', say, begin a comment of the document even within a reference, which ends there.
  void explain_end(Wrong& wrong) const {
    const Scalar& scalar = plan_.scalars[scalar_];
    const std::string_view name = plan_.document.format->name();
    const std::string_view document = plan_.document.text;
    if (wrong.reason != "reference.unterminated" || (name != "yaml" && name != "dotenv")) return;
    const bool quoted = std::string_view("\"'`|>").find(document[scalar.begin]) != std::string_view::npos;
    const std::size_t behind = document.find_first_not_of(" \t", scalar.end);
    const bool goes_on = behind != std::string_view::npos && (document[behind] == '#' || document[behind] == ',');
    if (quoted || !goes_on) return;
    wrong.hint = fmt::format("the value ends before the '{}' behind it, and the reference with it: write it in quotes",
                             document[behind]);
  }

  void bad(const Opener& opener, Wrong wrong) {
    explain_end(wrong);
    plan_.problems.push_back({.scalar = scalar_,
                              .begin = opener.at,
                              .form = opener.form,
                              .details = details_of(std::move(wrong), ErrorCode::InvalidArgument)});
  }

  Plan& plan_;
  std::size_t scalar_;
  std::string_view text_;
  Openers openers_;
  std::size_t at_ = 0;
};

// Growing to thousands of references costs as much as reading them.
void make_room(Plan& plan, std::size_t max_references) {
  const std::size_t count =
      plan.scalars.size() == 1 ? all_openers(plan.scalars.front().text, plan.delimiters).size() : plan.scalars.size();
  plan.slots.reserve(std::min(count, max_references));
  plan.parts.reserve(2 * std::min(count, max_references));
  plan.first_parts.reserve(plan.scalars.size() + 1);
}

}  // namespace

void Plan::add_problem(std::size_t slot, ErrorDetails details, bool no_such_secret) {
  problems.push_back({.scalar = slots[slot].scalar,
                      .begin = slots[slot].begin,
                      .form = slots[slot].form,
                      .slot = slot,
                      .no_such_secret = no_such_secret,
                      .details = std::move(details)});
}

void Plan::add_problem(std::size_t slot, Wrong wrong, ErrorCode code) {
  add_problem(slot, details_of(std::move(wrong), code));
}

Result<Plan> make_plan(const Document& document, const ResolverOptions& options, Scope scope) {
  if (document.text.size() > options.max_input) return too_large(document, options.max_input);
  const auto wanted = [&](std::string_view text) { return has_opener(text, options.delimiters); };
  const bool all = scope == Scope::All;
  auto scalars = all ? document.format->values(document.text) : document.format->find(document.text, wanted);
  if (!scalars) return in_file(std::move(scalars).error(), document.file);
  Plan plan{.document = document, .delimiters = options.delimiters, .scalars = std::move(*scalars)};
  make_room(plan, options.max_references);
  for (std::size_t i = 0; i < plan.scalars.size(); ++i) {
    plan.first_parts.push_back(plan.parts.size());
    Reader(plan, i).run(options.max_references);
    if (plan.references > options.max_references) return too_many(document, options.max_references);
  }
  plan.first_parts.push_back(plan.parts.size());
  return plan;
}

}  // namespace locket::inline v1::resolver
