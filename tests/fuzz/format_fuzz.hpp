#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <locket/resolver/format.hpp>

#include "resolver-property/rewrite.hpp"

namespace locket::inline v1::resolver {

[[noreturn]] inline void broken(const char* rule, std::string_view written) {
  std::fprintf(stderr, "%s:\n%.*s\n", rule, static_cast<int>(written.size()), written.data());
  std::abort();
}

inline bool any_text(std::string_view) {
  return true;
}

/// Writes a value into one scalar of any document, and reads it again: the value is there, and nothing else has
/// changed. The input is the number of the scalar, the size of the value, the value, the document.
inline void fuzz_format(const Format& format, const std::uint8_t* data, std::size_t size) {
  if (size < 2) return;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view value = input.substr(2, data[1]);
  const std::string_view document = input.substr(2 + value.size());
  const auto before = format.find(document, any_text);
  if (!before || before->empty()) return;
  const std::size_t chosen = data[0] % before->size();
  std::size_t next = 0;
  const auto only_chosen = [&](std::string_view) { return next++ == chosen; };
  // A format may ask for the texts in any order, so the scalar that is asked for is found again by its place.
  const auto picked = format.find(document, only_chosen);
  if (!picked || picked->size() != 1) broken("find is not stable", document);
  next = 0;
  const auto written = rewrite(format, document, only_chosen, [&](const Scalar&) { return Value{.text = value}; });
  if (!written) return;
  const auto after = format.find(*written, any_text);
  if (!after) broken("no longer a document", *written);
  if (after->size() != before->size()) broken("another structure", *written);
  for (std::size_t i = 0; i < after->size(); ++i) {
    const Scalar& was = (*before)[i];
    const Scalar& is = (*after)[i];
    if (was.path != is.path) broken("another path", *written);
    const bool replaced = was.begin == picked->front().begin && was.end == picked->front().end;
    if (std::string_view(is.text) != (replaced ? value : std::string_view(was.text))) broken("another text", *written);
  }
}

}  // namespace locket::inline v1::resolver
