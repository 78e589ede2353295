#pragma once

#include <cstddef>
#include <string_view>

namespace locket::inline v1::resolver {

/// Walks over what gives a TOML document its shape: brackets, braces, commas, dots, equals signs and line ends, outside
/// of strings and comments. It judges nothing: of a document that is no TOML it is right up to the first error.
class TomlScanner {
 public:
  explicit TomlScanner(std::string_view document) : document_(document) {}

  struct Sign {
    char what = 0;  // One of "[]{},.=\n", or 0 at the end of the document.
    std::size_t at = 0;
  };
  Sign next();

 private:
  void skip_comment();
  void skip_string();
  void skip_line_string(char quote);
  void skip_block_string(char quote);

  std::string_view document_;
  std::size_t at_ = 0;
};

/// Where a document first nests deeper than `limit`, npos when it does not. A dotted key nests once for each of its
/// parts: toml++ limits brackets only, and destroys what it has read by recursion.
std::size_t find_too_deep(std::string_view document, std::size_t limit);

}  // namespace locket::inline v1::resolver
