#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <locket/export.hpp>

namespace locket::inline v1::resolver {

/// Converts between the two ways to count through a text: libyaml and toml++ tell places in code points, and documents
/// are cut in bytes. Asking costs the same wherever the place is; a text in ASCII costs one look at each byte.
/// The text is borrowed. Where it is no UTF-8, each byte that begins no continuation counts one.
class LOCKET_EXPORT CodePoints {
 public:
  explicit CodePoints(std::string_view text);

  /// The byte at which the code point number `index` (from 0) begins; the text's size behind its end.
  std::size_t byte_of(std::size_t index) const;

  /// How many code points begin before `byte`, which is at most the text's size.
  std::size_t index_of(std::size_t byte) const;

 private:
  std::string_view text_;
  /// Where each code point begins whose number is a multiple of `stride`; empty when all of the text is ASCII.
  std::vector<std::size_t> marks_;
};

}  // namespace locket::inline v1::resolver
