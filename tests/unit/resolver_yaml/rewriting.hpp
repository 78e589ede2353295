#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/format.hpp>

#include "resolver-property/rewrite.hpp"

namespace locket::inline v1::resolver::testing {

inline bool has_mark(std::string_view text) {
  return text.find('@') != std::string_view::npos;
}

/// The document with `value` in the place of each scalar with a '@' in it; "!reason" when it is refused.
inline std::string with(const FormatPtr& format, std::string_view document, Value value) {
  auto written = rewrite(*format, document, has_mark, [&](const Scalar&) { return value; });
  return written ? *written : "!" + written.error().reason();
}
inline std::string with(const FormatPtr& format, std::string_view document, std::string_view text) {
  return with(format, document, Value{.text = text});
}

/// "path=text" for all scalars of the document; "!reason" alone when there is an error.
inline std::vector<std::string> found(const FormatPtr& format, std::string_view document) {
  auto scalars = format->find(document, [](std::string_view) { return true; });
  if (!scalars) return {"!" + scalars.error().reason()};
  std::vector<std::string> lines;
  for (const Scalar& scalar : *scalars) lines.push_back(to_string(scalar.path) + "=" + scalar.text);
  return lines;
}

/// "path=text" for all that a parser gets, "path={}" and "path=[]" for what is empty; "!reason" alone for an error.
inline std::vector<std::string> values(const FormatPtr& format, std::string_view document) {
  auto scalars = format->values(document);
  if (!scalars) return {"!" + scalars.error().reason()};
  std::vector<std::string> lines;
  for (const Scalar& scalar : *scalars) {
    const std::string_view empty = scalar.kind == Kind::EmptyMapping ? "{}" : "[]";
    const bool is_empty = scalar.kind == Kind::EmptyMapping || scalar.kind == Kind::EmptySequence;
    lines.push_back(to_string(scalar.path) + "=" + (is_empty ? std::string(empty) : scalar.text));
  }
  return lines;
}

/// What the scalars of the document are: a letter each, of Text, Integer, Float, Boolean, Null.
inline std::string kinds(const FormatPtr& format, std::string_view document) {
  auto scalars = format->find(document, [](std::string_view) { return true; });
  REQUIRE(scalars);
  std::string letters;
  for (const Scalar& scalar : *scalars) letters += "TIFBN"[static_cast<std::size_t>(scalar.kind)];
  return letters;
}

/// The error of a document that is refused, as people read it.
inline std::string refusal(const FormatPtr& format, std::string_view document) {
  auto scalars = format->find(document, has_mark);
  REQUIRE_FALSE(scalars);
  return scalars.error().to_string();
}

}  // namespace locket::inline v1::resolver::testing
