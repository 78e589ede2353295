#pragma once

#include <cstddef>
#include <cstdint>

#include <locket/resolver/format.hpp>

namespace locket_test {

/// Resolves a hostile document over a store with a hostile value, in `format`. Aborts unless the result is an error, or
/// a document that reads as the input does, with the values in the places of their references.
///
/// The input is the value of the secret `v`, up to the first byte 0x1E (record separator), and the document behind it.
void fuzz_document(const locket::resolver::Format& format, const std::uint8_t* data, std::size_t size);

}  // namespace locket_test
