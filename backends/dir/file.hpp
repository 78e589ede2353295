#pragma once

#include <cstdint>

#include <locket/secret_value.hpp>

#include "outcome.hpp"
#include "status.hpp"

namespace locket::inline v1::dir {

/// The bytes of an open file, read into the arena. EFBIG when there are more than `limit`, found before reading where
/// the file tells its size; ENXIO when it is no file; EAGAIN when it is not `expected`, or was written to meanwhile.
Outcome<SecretValue> read_file(const Descriptor& file, const Identity& expected, std::uint64_t limit);

}  // namespace locket::inline v1::dir
