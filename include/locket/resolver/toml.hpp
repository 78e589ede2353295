#pragma once

#include <locket/export.hpp>
#include <locket/resolver/format.hpp>

namespace locket::inline v1::resolver {

/// TOML 1.0; `.toml` files.
///
/// Found are the values: strings of all four kinds, numbers and booleans; dates and times are texts as they stand. A
/// step of a dotted key or of a table's header is a step of the path, as is the index in an array of tables.
///
/// A text stays in single quotes where it stood so and holds none, nor anything that is not printable; else it is
/// written in double quotes, on one line. JSON becomes arrays and inline tables.
///
/// There is no null. The entry of a value that is to go is its lines, where it stands on lines of its own with nothing
/// but a comment behind it; the element of an array, or the entry of an inline table, goes with its comma otherwise.
/// The entries of two scalars may share a comma. One has no entry to cut: the last of three or more in an inline table
/// in which all are wanted, since no choice of entries could be cut then so that the commas are right.
///
/// "toml.unwritable" are: bytes that are no UTF-8; integers beyond 64 bits, and numbers that no double holds; Null;
/// JSON with a null in it, that names a key twice, or nests deeper than 100 in the document.
LOCKET_EXPORT FormatPtr toml();

}  // namespace locket::inline v1::resolver
