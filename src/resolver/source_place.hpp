#pragma once

#include <cstddef>
#include <string_view>

#include <locket/export.hpp>
#include <locket/place.hpp>

namespace locket::inline v1::resolver {

/// The line and the column of the byte `offset` of `text`, which may be its end. Columns count UTF-8's first bytes, so
/// that they are what an editor shows; a byte order mark at the beginning counts nothing. Lines end with LF; a CR
/// before it belongs to the line. Linear in `offset`.
LOCKET_EXPORT Place source_place(std::string_view text, std::size_t offset);

}  // namespace locket::inline v1::resolver
