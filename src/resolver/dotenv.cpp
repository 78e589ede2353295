#include <algorithm>
#include <string>

#include <fmt/format.h>

#include <locket/resolver/format.hpp>

#include "dotenv/reader.hpp"
#include "resolver/code_point.hpp"

namespace locket::inline v1::resolver {
namespace {

bool is_plain(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("_./:@%+,=-").find(c) != std::string_view::npos;
}

// Without quotes nothing may be special to any reader, docker's among them, which knows no quotes.
bool is_bare(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_plain);
}

// As it is, for every reader: python-dotenv reads escapes even there, and all make LF of CR.
bool fits_single_quotes(std::string_view text) {
  return text.find_first_of("'\\\r") == std::string_view::npos;
}

// In double quotes sh, Docker and the tools that expand read these as a variable or a command, which sh runs; and the
// backslash that keeps sh from it is a part of the value to python-dotenv and Node.js. So there they cannot stand.
bool may_run(std::string_view text) {
  return text.find_first_of("$`") != std::string_view::npos;
}

void write_double_quoted(std::string_view text, SecretBuffer& out) {
  out.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '"':
      case '\\': out.push_back('\\'); [[fallthrough]];
      default: out.push_back(c);
    }
  }
  out.push_back('"');
}

void write_text(std::string_view text, SecretBuffer& out) {
  if (is_bare(text)) {
    out.append(text);
  } else if (fits_single_quotes(text)) {
    out.push_back('\'');
    out.append(text);
    out.push_back('\'');
  } else {
    write_double_quoted(text, out);
  }
}

Error unwritable(std::string message) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "dotenv.unwritable",
                .message = std::move(message),
                .hint = "add enc=base64, and decode it in the program"});
}

// Of several faults, the first has the place.
Error syntax_error(const dotenv::Reading& reading) {
  const dotenv::Fault& first = reading.faults.front();
  const std::size_t more = reading.fault_count - 1;
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "dotenv.syntax",
                .message = more == 0 ? first.what : fmt::format("{}; and {} more", first.what, more),
                .hint = std::string(reading.hint),
                .place = Place{.line = first.line, .column = first.column}});
}

class DotenvFormat final : public Format {
 public:
  std::string_view name() const noexcept override { return "dotenv"; }
  bool names(std::string_view file_name) const override {
    return file_name.ends_with(".env") || file_name.starts_with(".env.");
  }
  bool has_null() const noexcept override { return false; }

  Result<std::vector<Scalar>> find(std::string_view document, const Wanted& wanted) const override {
    const dotenv::Reading reading = dotenv::read(document);
    if (reading.fault_count > 0) return syntax_error(reading);
    std::vector<Scalar> scalars;
    for (const dotenv::Assignment& each : reading.assignments) {
      const std::string_view value = each.value.expose();
      if (!wanted(value)) continue;
      scalars.push_back({.begin = each.begin,
                         .end = each.end,
                         .entry_begin = each.entry_begin,
                         .entry_end = each.entry_end,
                         .path = {each.variable},
                         .text = std::string(value)});
    }
    return scalars;
  }

  Result<void> write(std::string_view, const Scalar&, const Value& value, SecretBuffer& out) const override {
    if (value.text.find('\0') != std::string_view::npos) {
      return unwritable("the value holds a NUL byte, which no variable can");
    }
    if (!is_utf8(value.text)) return unwritable("the value is not UTF-8, which .env files are read as");
    if (!is_bare(value.text) && !fits_single_quotes(value.text) && may_run(value.text)) {
      return unwritable(
          "the value holds '$' or '`', and a quote, backslash or CR: no quotes keep all from expanding it");
    }
    write_text(value.text, out);
    return {};
  }
};

constinit const DotenvFormat the_format;

}  // namespace

FormatPtr dotenv() {
  return {FormatPtr(), &the_format};
}

}  // namespace locket::inline v1::resolver
