#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include <locket/error.hpp>
#include <locket/resolver/format.hpp>

namespace locket::inline v1::resolver {

/// How much memory the scalars of one document may take. Each has its whole path, so that a long key above many values,
/// or deep nesting, would take far more than the document: 500 KB took 1.7 GB.
inline constexpr std::size_t max_found_size = std::size_t{256} << 20U;

/// Bytes of all keys of a path.
inline std::size_t keys_size(const Path& path) noexcept {
  std::size_t size = 0;
  for (const PathStep& step : path) {
    if (const auto* key = std::get_if<std::string>(&step)) size += key->size();
  }
  return size;
}

/// About how much one takes.
inline std::size_t found_size(const Scalar& scalar) noexcept {
  return sizeof(Scalar) + scalar.text.size() + scalar.path.size() * sizeof(PathStep) + keys_size(scalar.path);
}

/// Told with the place up to which it is too much. `format` is its name.
inline Error found_too_much(std::string_view format, Place place) {
  return Error(
      {.code = ErrorCode::LimitExceeded,
       .reason = fmt::format("{}.paths", format),
       .message = fmt::format("the values up to here take more than {} bytes with their paths", max_found_size),
       .hint = "shorten the keys, nest less, or split the document",
       .place = std::move(place)});
}

}  // namespace locket::inline v1::resolver
