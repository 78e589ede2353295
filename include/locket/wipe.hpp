#pragma once

#include <cstddef>
#include <string>

#include <locket/export.hpp>

namespace locket::inline v1 {

/// Overwrites `size` bytes at `bytes` with zeros, in a way that no optimizer removes although nothing reads
/// them.
///
/// For what held a secret outside of a `SecretValue` or `SecretBuffer`: stack buffers, headers, strings of
/// other libraries. `bytes` may be null when `size` is 0. Thread-safe for distinct memory. Copies that were
/// made of the bytes, in registers or by a reallocation, are out of its reach: secrets belong into the two
/// classes from the start.
LOCKET_EXPORT void wipe(void* bytes, std::size_t size) noexcept;

/// Overwrites the whole capacity of `text` (also what earlier and longer contents left there), then clears
/// it.
///
/// The capacity is kept. Buffers that `text` had before it last grew were freed without being wiped: reserve
/// first.
LOCKET_EXPORT void wipe(std::string& text) noexcept;

}  // namespace locket::inline v1
