#pragma once

#include "crypto/bytes.hpp"

namespace locket::inline v1::crypto {

/// Whether both hold the same bytes, in a time that depends on their lengths only. Different lengths are different;
/// a length is no secret. For tags, MACs, checksums of keys: everything that an attacker may guess at.
bool constant_time_equal(Bytes a, Bytes b) noexcept;

}  // namespace locket::inline v1::crypto
