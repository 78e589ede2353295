#pragma once

#include <cstddef>
#include <string_view>

#include <locket/place.hpp>

namespace locket::inline v1::resolver {

/// Lines and columns of ever later offsets of one text, which is read once: as source_place, for many of them.
class Places {
 public:
  explicit Places(std::string_view text);

  /// `offset` is not before the last one.
  Place at(std::size_t offset);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t column_ = 1;
};

}  // namespace locket::inline v1::resolver
