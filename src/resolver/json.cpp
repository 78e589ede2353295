#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include <locket/resolver/format.hpp>

#include "resolver/found_size.hpp"
#include "resolver/json_text.hpp"
#include "resolver/source_place.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t max_depth = 100;

enum class End : std::uint8_t { Fine, Syntax, Depth, Size };

// Notes the scalars of a document while nlohmann's parser checks it. The parser does not say where they stand, so this
// goes along: between one key or scalar and the next there are only blanks and brackets, commas and colons.
class ScalarCollector final : public nlohmann::json_sax<nlohmann::json> {
 public:
  ScalarCollector(std::string_view document, const Wanted& wanted, bool empty_ones = false)
      : document_(document), wanted_(wanted), empty_ones_(empty_ones) {
    if (document_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  bool null() override { return literal(Kind::Null); }
  bool boolean(bool) override { return literal(Kind::Boolean); }
  bool number_integer(number_integer_t) override { return literal(Kind::Integer); }
  bool number_unsigned(number_unsigned_t) override { return literal(Kind::Integer); }
  bool number_float(number_float_t, const string_t& written) override {
    return literal(written.find_first_of(".eE") == string_t::npos ? Kind::Integer : Kind::Float);
  }
  bool string(string_t& text) override {
    const std::size_t begin = pass_string();
    return note(begin, Kind::Text, text);
  }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& text) override {
    pass_string();
    path_.back() = std::move(text);
    is_empty_ = false;
    return true;
  }
  bool start_object(std::size_t) override { return open() && (path_.emplace_back(std::string()), true); }
  bool start_array(std::size_t) override { return open() && (path_.emplace_back(std::size_t{0}), true); }
  bool end_object() override { return close(Kind::EmptyMapping); }
  bool end_array() override { return close(Kind::EmptySequence); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    end = End::Syntax;
    error_at = position == 0 ? 0 : position - 1;
    return false;
  }

  std::vector<Scalar> scalars;
  End end = End::Fine;
  std::size_t error_at = 0;

 private:
  void pass_structure() {
    constexpr std::string_view structure = " \t\r\n,:[]{}";
    at_ = std::min(document_.find_first_not_of(structure, at_), document_.size());
  }

  std::size_t pass_bracket(std::string_view brackets) const {
    return std::min(document_.find_first_of(brackets, at_), document_.size() - 1) + 1;
  }

  std::size_t pass_string() {
    pass_structure();
    const std::size_t begin = at_++;
    while (at_ < document_.size() && document_[at_] != '"') at_ += document_[at_] == '\\' ? 2U : 1U;
    at_ = std::min(at_ + 1, document_.size());
    return begin;
  }

  bool literal(Kind kind) {
    pass_structure();
    const std::size_t begin = at_;
    at_ = std::min(document_.find_first_of(" \t\r\n,]}", at_), document_.size());
    return note(begin, kind, document_.substr(begin, at_ - begin));
  }

  bool note(std::size_t begin, Kind kind, std::string_view text) {
    if (wanted_(text)) {
      scalars.push_back({.begin = begin, .end = at_, .path = path_, .kind = kind, .text = std::string(text)});
      found_size_ += found_size(scalars.back());
    }
    if (found_size_ > max_found_size) {
      end = End::Size;
      error_at = begin;
      return false;
    }
    return passed();
  }

  // The next item of a sequence has the next index.
  bool passed() {
    is_empty_ = false;
    if (path_.empty()) return true;
    if (auto* index = std::get_if<std::size_t>(&path_.back())) ++*index;
    return true;
  }

  bool open() {
    at_ = pass_bracket("[{");
    if (path_.size() == max_depth) {
      end = End::Depth;
      error_at = at_ - 1;
      return false;
    }
    is_empty_ = true;
    opened_ = at_ - 1;
    return true;
  }
  bool close(Kind kind) {
    at_ = pass_bracket("]}");
    path_.pop_back();
    if (is_empty_ && empty_ones_) scalars.push_back({.begin = opened_, .end = at_, .path = path_, .kind = kind});
    return passed();
  }

  std::string_view document_;
  const Wanted& wanted_;
  bool empty_ones_;
  std::size_t at_ = 0;
  std::size_t opened_ = 0;  // The bracket that was opened last,
  bool is_empty_ = false;   // and whether nothing has come since.
  Path path_;
  std::size_t found_size_ = 0;
};

std::string syntax_hint(std::string_view rest) {
  if (rest.empty()) return "look for a bracket or a quote that is never closed";
  if (rest.starts_with("$<secret:") || rest.starts_with("${secret:")) {
    return "write the reference in quotes; type=int, bool or json takes them away";
  }
  return "comments, trailing commas and single quotes are not JSON; text must be UTF-8";
}

Error syntax_error(std::string_view document, std::size_t at) {
  const std::string_view rest = document.substr(std::min(at, document.size()));
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "json.syntax",
                .message = rest.empty() ? "the JSON ends before it is complete" : "this is not JSON",
                .hint = syntax_hint(rest),
                .place = source_place(document, at)});
}

Error too_deep(std::string_view document, std::size_t at) {
  return Error({.code = ErrorCode::LimitExceeded,
                .reason = "json.depth",
                .message = fmt::format("the JSON nests deeper than {}", max_depth),
                .place = source_place(document, at)});
}

Error unwritable() {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "json.unwritable",
                .message = "the value is not UTF-8, which JSON's text must be",
                .hint = "add enc=base64, and decode it in the program"});
}

Result<std::vector<Scalar>> collect(std::string_view document, ScalarCollector collector) {
  // nlohmann's parser takes a NUL for the end, and would leave what follows unseen.
  if (const std::size_t nul = document.find('\0'); nul != std::string_view::npos) return syntax_error(document, nul);
  const bool parsed = nlohmann::json::sax_parse(document.begin(), document.end(), &collector);
  if (collector.end == End::Depth) return too_deep(document, collector.error_at);
  if (collector.end == End::Size) return found_too_much("json", source_place(document, collector.error_at));
  if (!parsed) return syntax_error(document, collector.error_at);
  return std::move(collector.scalars);
}

class JsonFormat final : public Format {
 public:
  std::string_view name() const noexcept override { return "json"; }
  bool names(std::string_view file_name) const override { return file_name.ends_with(".json"); }
  bool has_null() const noexcept override { return true; }

  Result<std::vector<Scalar>> find(std::string_view document, const Wanted& wanted) const override {
    return collect(document, ScalarCollector(document, wanted));
  }
  Result<std::vector<Scalar>> values(std::string_view document) const override {
    const Wanted all = [](std::string_view) { return true; };
    return collect(document, ScalarCollector(document, all, true));
  }

  Result<void> write(std::string_view, const Scalar&, const Value& value, SecretBuffer& out) const override {
    switch (value.kind) {
      case Value::Kind::Null: out.append("null"); return {};
      case Value::Kind::Text: break;
      default: out.append(value.text); return {};
    }
    if (!append_json_string(value.text, out)) return unwritable();
    return {};
  }
};

constinit const JsonFormat the_format;

}  // namespace

FormatPtr json() {
  return {FormatPtr(), &the_format};
}

}  // namespace locket::inline v1::resolver
