#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <locket/clock.hpp>
#include <locket/options.hpp>
#include <locket/result.hpp>
#include <locket/secret.hpp>
#include <locket/secret_buffer.hpp>

#include "client.hpp"
#include "kv_mount.hpp"
#include "kv_paths.hpp"
#include "kv_record.hpp"

namespace locket::inline v1::vault {

/// An answer of subkeys/….
struct Glimpse {
  Imprint imprint = {};
  /// The version is deleted or destroyed.
  bool gone = false;
  /// None when it is plain bytes: those of a version that holds `value` alone count as such, since what it is of is not
  /// told.
  std::optional<std::vector<std::string>> fields = {};
};

/// One KV engine: asks it, and reads what it answers. Thread safety: all methods may be called from any thread at once.
class Kv {
 public:
  /// `known`: the caller vouches for the mount.
  Kv(std::shared_ptr<Client> client, Paths paths, bool known, std::shared_ptr<Clock> clock);

  Client& client() const noexcept { return *client_; }
  const Paths& paths() const noexcept { return paths_; }
  Mount& mount() noexcept { return mount_; }

  /// NotFound, Deleted.
  Result<Secret> read(NameView name, const Which& which, const Call& call);
  std::vector<Result<Secret>> read_many(std::span<const GetRequest> requests, const Call& call);

  /// The secret's history. None: there is no secret of that name, nor was one.
  Result<std::optional<Record>> look_up(NameView name, const Call& call);
  std::vector<Result<std::optional<Record>>> look_up_many(std::span<const Name> names, const Call& call);
  /// The same of a secret that must be there. NotFound.
  Result<Record> record(NameView name, const Call& call);

  /// The object that a version holds, as Vault writes it. NotFound, Deleted.
  struct Object {
    SecretBuffer text = {};
    std::uint64_t version = 0;
  };
  Result<Object> read_object(NameView name, const Which& which, const Call& call);

  /// The version that a write made, as the answer tells; with `cas`, the one after that.
  Result<Version> version_in(const Ask& ask, const Answer& answer, std::optional<std::uint64_t> cas, const Call& call);
  /// `action` is "delete", "undelete" or "destroy". Nothing is sent where there are no versions to do it to.
  Result<void> mark(std::string_view action, NameView name, std::span<const std::uint64_t> versions, const Call& call);

  /// See glimpse_in.
  std::vector<Result<std::optional<Glimpse>>> glimpse_many(std::span<const Name> names, const Call& call);

  /// `answer`; or, where that was longer than the ask's share, the one that comes when the same is asked alone.
  Result<Answer> whole(Ask& ask, Result<Answer> answer, const Call& call);

  /// Of an answer of metadata/…; see look_up.
  Result<std::optional<Record>> record_in(const Ask& ask, const Result<Answer>& answer, const Call& call);

  /// Whether an answer says that nothing is there: a 404 as Vault writes it, and not that of something in front of it,
  /// and with a KV engine behind. An error when it says something else.
  Result<bool> says_nothing(const Ask& ask, const Answer& answer, const Call& call);
  /// "What" is not as Vault answers; unless that is because of the mount, which is then the error.
  Error strange(const Ask& ask, const Answer& answer, std::string_view what, const Call& call);
  /// The same of a status that no caller expects; see `rejected`.
  Error unexpected(const Ask& ask, const Answer& answer, const Call& call);

 private:
  /// Adds their answers to `secrets`.
  void read_some(std::span<const GetRequest> requests, std::vector<Result<Secret>>& secrets, const Call& call);
  /// `metadata` of an answer of data/… that says that the version is there. NotFound, Deleted.
  Result<Imprint> imprint_in(NameView name, const Which& which, const Ask& ask, const Answer& answer, const Call& call);
  Result<Secret> secret_in(NameView name, const Which& which, const Ask& ask, const Result<Answer>& answer,
                           const Call& call);

  const std::shared_ptr<Client> client_;
  const Paths paths_;
  const std::shared_ptr<Clock> clock_;
  Mount mount_;
};

/// What is asked of metadata/….
Ask history_of(const Paths& paths, NameView name);

/// Gives each of several asks, whose answers will be in memory at once, its share of what one answer alone may have.
void share(std::span<Ask> asks);

/// What is asked of subkeys/….
Ask glimpse_of(const Paths& paths, NameView name, std::string_view query);

/// What can be seen of a secret without its value. None: this token may not look, or Vault is older than 1.10.
Result<std::optional<Glimpse>> glimpse_in(const Ask& ask, const Result<Answer>& answer);

/// The query of data/… and subkeys/…: "version=3", or nothing. None: Vault has no such version.
std::optional<std::string> query_of(const Which& which);

/// The error of asking for what is not there.
Error missing(NameView name, const Which& which);

}  // namespace locket::inline v1::vault
