#pragma once

#include <cstdint>
#include <vector>

#include <locket/clock.hpp>
#include <locket/secret_data.hpp>

#include "tree.hpp"

namespace locket::inline v1::dir {

/// The files of a folder that are a secret's fields, in byte order. ENODATA when there are none, EOVERFLOW when they
/// are more than 1,000, ECANCELED when stopped.
Outcome<std::vector<Entry>> field_files(const Tree& tree, const View& folder, const Stopped& stopped);

/// All of them read, of one moment: EAGAIN when one was replaced, added or removed meanwhile. EFBIG when together they
/// are larger than `limit`; nothing is read then.
Outcome<std::vector<Field>> read_fields(const Tree& tree, const View& folder, const std::vector<Entry>& files,
                                        std::uint64_t limit, const Stopped& stopped);

/// When the newest of them was modified.
Clock::Wall newest(const std::vector<Entry>& files);

}  // namespace locket::inline v1::dir
