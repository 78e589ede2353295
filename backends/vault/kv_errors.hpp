#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <locket/name.hpp>
#include <locket/result.hpp>
#include <locket/which.hpp>

#include "ask.hpp"

/// What the KV engine's answers mean, as errors.
namespace locket::inline v1::vault {

/// How often something is tried anew that another writer came in between of.
constexpr int tries = 8;

/// What Vault says when a condition does not hold, and the type of what changes a part.
constexpr std::string_view cas_mismatch = "check-and-set parameter did not match the current version";
constexpr std::string_view merge_patch = "application/merge-patch+json";

Error no_secret(NameView name);
Error no_version(NameView name, const Version& version);
/// `destroyed`: for good.
Error deleted(NameView name, bool destroyed);
/// Of an undeletion that cannot bring the current version back. `readable`: the newest version that can be read.
Error still_destroyed(NameView name, std::optional<std::uint64_t> readable);

/// A condition did not hold.
Error exists_already(NameView name);
Error other_version(NameView name, const Version& expected);

/// Others wrote in between, as often as it was tried.
Error too_many_writers(NameView name);

/// Of an answer that is neither what was asked for nor a 404: a 400 that nobody expected, and whatever failure_of
/// knows.
Error rejected(const Ask& ask, const Answer& answer);

/// Of a put that wrote the value, and whose change of metadata ended in `error`.
Error written_without_metadata(NameView name, const Version& version, Error error);

Error with_effect(Error error, Effect effect);

}  // namespace locket::inline v1::vault
