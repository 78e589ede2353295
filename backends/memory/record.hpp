#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <locket/clock.hpp>
#include <locket/info.hpp>
#include <locket/metadata.hpp>
#include <locket/name.hpp>
#include <locket/options.hpp>
#include <locket/result.hpp>
#include <locket/secret.hpp>
#include <locket/secret_data.hpp>
#include <locket/which.hpp>

namespace locket::inline v1::memory {

/// One secret with its history: what the contract says about versions, conditions, removal and metadata. It knows
/// neither threads nor time: the caller locks and tells the moment. Names are passed for the texts of errors only.
///
/// Where a call could be refused for several reasons, the order is NotFound, Deleted, Conflict. A repeated put is
/// recognized before all of them, since the put that it repeats may be why they hold.
class Record {
 public:
  /// How a put is made, besides its name and data.
  struct Write {
    const PutOptions& options;
    Clock::Wall now;
    /// Versions to keep, 0 for all.
    std::uint64_t keep = 0;
  };
  /// What `stat` and `list` tell. The secret is there for its metadata and fields also when it is removed.
  struct Glance {
    Secret secret;
    Version current;
    bool removed = false;
  };

  /// Without a version yet, which only `put` may be called on.
  Record() = default;

  Result<Secret> get(NameView name, const Which& which);
  Result<Glance> glance(NameView name, const Which& which);
  Result<Page<VersionInfo>> versions(const ListOptions& options) const;

  Result<Version> put(NameView name, SecretData data, const Write& write);
  Result<Version> rollback(NameView name, const Version& to, const Write& write);
  Result<void> annotate(NameView name, const MetadataPatch& patch, Clock::Wall now);
  /// All versions at once; one that is put later is not among them.
  void remove() noexcept { mark(true); }
  void undelete() noexcept { mark(false); }

 private:
  struct Entry {
    std::uint64_t number;
    Clock::Wall created;
    /// The handle that reads hand out copies of.
    Secret secret;
    /// The revision of the metadata in that handle.
    std::uint64_t revision;
    bool deleted = false;
  };

  Result<Entry*> find(NameView name, const Which& which);
  const Secret& handle(Entry& entry);
  const Version& current() const { return *entries_.back().secret.version(); }
  bool removed() const noexcept { return !entries_.empty() && entries_.back().deleted; }
  VersionInfo info(const Entry& entry) const;
  bool repeats(const PutOptions& options) const;
  Result<void> check_condition(NameView name, const Condition& condition) const;
  Version append(SecretData data, const Write& write);
  void mark(bool deleted) noexcept;

  // What every read needs comes first, and together.
  /// Oldest first, numbered without gaps, and from the first put on never empty. The last one is current.
  std::vector<Entry> entries_;
  /// Counts the changes of metadata_.
  std::uint64_t revision_ = 0;
  Metadata metadata_;
  /// Of the last put or rollback.
  std::string last_key_;
  /// What it rolled back to, if it was a rollback.
  std::optional<Version> last_source_;
};

}  // namespace locket::inline v1::memory
