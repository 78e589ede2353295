#include "resolver_yaml/events.hpp"

#include <new>

#include <fmt/format.h>

#include "resolver/code_point.hpp"
#include "resolver/source_place.hpp"

namespace locket::inline v1::resolver {
namespace {

// What is special to YAML (": ", " #", or ',' within brackets) is so within a reference too, when it has no quotes.
bool is_about_quotes(std::string_view problem) {
  return problem.starts_with("mapping values are not allowed") || problem == "found unexpected end of stream";
}

std::string hint_at(std::string_view document, std::size_t at) {
  const std::size_t begin = document.substr(0, at).rfind('\n') + 1;
  const std::string_view line = document.substr(begin, document.find('\n', at) - begin);
  const bool holds_reference =
      line.find("$<secret:") != std::string_view::npos || line.find("${secret:") != std::string_view::npos;
  return holds_reference ? "write a value that holds a reference in quotes, and close them" : "";
}

}  // namespace

YamlParser::YamlParser(std::string_view document)
    : document_(document),
      skipped_(document.starts_with(byte_order_mark) ? byte_order_mark.size() : 0),
      points_(document.substr(skipped_)) {
  if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
  yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  const std::string_view text = document.substr(skipped_);
  yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

bool YamlParser::next(YamlEvent& event) {
  if (yaml_parser_parse(&parser_, event.get()) != 0) return true;
  if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
  return false;
}

Error YamlParser::error() const {
  if (is_utf16(document_)) {
    return Error({.code = ErrorCode::InvalidArgument,
                  .reason = "yaml.syntax",
                  .message = "the document is in UTF-16",
                  .hint = "save it in UTF-8",
                  .place = Place{.line = 1, .column = 1}});
  }
  // The reader runs ahead of the scanner, so that only its offset, in bytes, tells where it stopped.
  const bool reading = parser_.error == YAML_READER_ERROR;
  const std::size_t offset = reading ? skipped_ + parser_.problem_offset : byte_of(parser_.problem_mark);
  const std::string_view context = parser_.context == nullptr ? "" : parser_.context;
  const std::size_t at = std::min(offset, document_.size());
  return Error(
      {.code = ErrorCode::InvalidArgument,
       .reason = "yaml.syntax",
       .message = fmt::format("this is no YAML: {}{}{}", context, context.empty() ? "" : ", ", parser_.problem),
       .hint = is_about_quotes(parser_.problem) ? hint_at(document_, at) : "",
       .place = source_place(document_, at)});
}

}  // namespace locket::inline v1::resolver
