#pragma once

#include <string>

#include <locket/backends/local.hpp>
#include <locket/random.hpp>
#include <locket/result.hpp>

#include "crypto/key.hpp"

/// Key files: read only when nobody else could have read or written them, written whole.
namespace locket::inline v1::local {

/// The name of the key file that a rekey has not put into its place yet.
std::string next_of(const std::string& key_path);

/// Conflict (reason "local.key_file_exists") when there is something at PATH.next: it may be the only copy of a key, of
/// a store whose rekey was interrupted. To be asked before a new key file is made at PATH.
Result<void> refuse_unfinished(const std::string& key_path);

/// The key in the file. Each thing that may be wrong has a reason of its own, see `local::open`.
Result<crypto::Key> read_key_file(const KeyFile& file);

/// Writes the key to `path`, synced, mode 0600. Conflict (reason "local.exists") when there is something.
Result<void> write_key_file(const std::string& path, const crypto::Key& key, RandomSource& random);
/// The same, in the place of what is there.
Result<void> overwrite_key_file(const std::string& path, const crypto::Key& key, RandomSource& random);

}  // namespace locket::inline v1::local
