#pragma once

#include <functional>
#include <string_view>

#include <locket/export.hpp>
#include <locket/store.hpp>

namespace locket::inline v1 {

/// Makes a secret's next value, and changes it where it is used (the database, the provider) if that is its part.
using Generator = std::function<Result<SecretData>()>;

/// Replaces the value of an existing secret by a new one and returns the new version: `stat`, generate, `put` under the
/// condition that nobody wrote meanwhile, with `last_rotated` set where the store keeps metadata. The old version stays
/// readable by its number, where the store has versions, so that a rotation can be rolled back.
///
/// `options` are those of the put; a condition in them takes the place of ours. An expiry stays as it is unless
/// `options.metadata` moves it. In a store without conditions (`Cas::None`) the last of two rotations wins.
///
/// NotFound: there is no such secret. Deleted: it is removed. Conflict: another writer came between; the value that was
/// generated is in no store then. Whatever `generate` returns: nothing was written. As `stat` and `put` otherwise.
LOCKET_EXPORT Result<Version> rotate(SecretStore& store, NameView name, const Generator& generate,
                                     const PutOptions& options = {}, const Call& call = {});

}  // namespace locket::inline v1
