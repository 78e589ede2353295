#pragma once

#include <cstdint>

namespace locket::inline v1 {

/// How far a condition on a write (`PutOptions::condition`) can be relied on.
enum class Cas : std::uint8_t {
  None,          ///< Conditions are refused with NotSupported.
  BestEffort,    ///< Checked before the write; a writer in between goes unnoticed.
  Linearizable,  ///< Of several writers with the same condition exactly one succeeds, over all processes.
};

/// What a store can do. Frozen when it is opened: the same answer for its whole life. An operation that is not among
/// them returns NotSupported without touching the store; SecretStore sees to that, so a backend that does not list
/// `put` is never asked to. The conformance suite holds a store to what it says here.
///
/// A store without `versions` tells none: `Secret::version` and `SecretInfo::current` are none, `put` returns an empty
/// Version, and of the conditions of a write it knows `MustNotExist` alone.
struct Capabilities {
  Cas cas = Cas::None;
  bool put = false;                 ///< `put`
  bool idempotent_put = false;      ///< `PutOptions::idempotency_key`
  bool remove = false;              ///< `remove`
  bool soft_delete = false;         ///< a removed secret answers Deleted, and its name is kept until it is purged
  bool undelete = false;            ///< `undelete`
  bool purge = false;               ///< `purge`
  bool versions = false;            ///< `versions`, `get` of one version, a Version as a condition; see below
  bool stages = false;              ///< `get` of a stage
  bool rollback = false;            ///< `rollback`
  bool annotate = false;            ///< `annotate`, and metadata with a `put`
  bool expiry = false;              ///< keeps `expires`
  bool batch = false;               ///< `get_many` costs fewer round trips than as many `get`
  bool list = false;                ///< `list`
  bool list_metadata = false;       ///< `ListOptions::metadata`
  bool stat_without_value = false;  ///< `stat` does not read the value
  bool depends_on_actor = false;    ///< answers differ by `Call::actor`, so a cache must not share them
  std::uint64_t max_value = 0;      ///< bytes of one encoded value; 0 = no limit of its own
  std::uint64_t max_name = 0;       ///< bytes of a name, where less than max_name_size; 0 = all names
  std::uint64_t max_versions = 0;   ///< versions kept; 0 = all
  std::uint64_t max_tags = 0;       ///< tags of one secret; 0 = no limit of its own

  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

}  // namespace locket::inline v1
