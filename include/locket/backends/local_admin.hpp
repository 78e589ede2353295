#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <locket/backends/local.hpp>
#include <locket/call.hpp>
#include <locket/export.hpp>
#include <locket/name.hpp>
#include <locket/result.hpp>
#include <locket/secret.hpp>

namespace locket::inline v1::local {

/// One data key: what the secrets themselves are encrypted with.
struct DataKeyStatus {
  enum class State : std::uint8_t {
    Primary,      ///< New values are encrypted with it.
    DecryptOnly,  ///< A rotation is not finished: some values still are under it.
    Destroyed,    ///< Nothing is under it, and it is gone.
  };
  std::uint32_t id = 0;
  State state = State::Primary;
  /// Boxes under it: one for each secret, and one for each version that has a value.
  std::uint64_t boxes = 0;
};

/// What `key_status` tells.
struct KeyStatus {
  enum class Kind : std::uint8_t { Raw = 1, Passphrase = 2, Provider = 3 };
  Kind kind = Kind::Raw;
  /// For Kind::Passphrase.
  std::optional<KdfCost> kdf = {};
  /// For Kind::Provider: "aws-kms", and its reference.
  std::string provider = {};
  std::string key_ref = {};
  /// 32 hexadecimal digits.
  std::string store_id = {};
  /// Counts the rekeys, from 1.
  std::uint32_t key_epoch = 0;
  /// Counts the writes.
  std::uint64_t generation = 0;
  std::vector<DataKeyStatus> data_keys = {};
};

/// How far a long operation is.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};
/// Called after each step, on the calling thread, with no lock held. To stop, trigger the call's stop token.
using ProgressCallback = std::function<void(const Progress&)>;

/// Something that `verify` found.
struct Damage {
  /// The secret; empty when the damage cannot be told by name.
  std::string name = {};
  /// The version whose value is damaged, none when it is the whole secret.
  std::optional<std::string> version = {};
  /// What is wrong, for people; never a value.
  std::string what = {};
};

/// What `verify` found. The store is whole when `damage` is empty.
struct VerifyReport {
  std::uint64_t secrets = 0;  ///< looked at
  std::uint64_t values = 0;   ///< decrypted
  std::vector<Damage> damage = {};
};

/// Gets each current value that is whole, while the rest may be damaged: to save what can be saved. A record that was
/// replaced by an older one of its own is whole too; only the report tells, and of its bucket, not by name.
using IntactCallback = std::function<void(NameView name, const Secret& secret)>;

/// Administers a local store, beside whatever stores are open on the same file, in this process or others.
///
/// Thread safety: one thread at a time; separate objects are independent. Like a store, useless in a forked child
/// (Unavailable). Errors are those of `open` and of the store's calls.
class LOCKET_EXPORT Admin {
 public:
  /// As `local::open`, but never creates a store. `settings.observer` and `history` are not used.
  static Result<Admin> open(Options options);

  Admin(Admin&&) noexcept;
  Admin& operator=(Admin&&) noexcept;
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;
  ~Admin();

  /// Gives the store a new root key, in one transaction, and keeps this object open under it. Stores that are open
  /// elsewhere answer local.key_changed from their next call on. What is encrypted with the data keys stays as it is:
  /// `rotate` changes those, and a leaked root key needs both. Older copies of the file stay readable with the old key.
  ///
  /// `to` a KeyFile: a new key is made. It is written to PATH.next and synced before the commit, and renamed to PATH
  /// after it, so that at any moment exactly one of both opens the store; `open` looks at PATH.next too and finishes
  /// the rename. PATH may be the present key file, which is replaced; any other file that exists is refused (Conflict,
  /// reason "local.key_file_exists"). A KeyVariable must hold the new key. A Passphrase gets a new salt.
  Result<void> rekey(KeySource to, const Call& call = {});

  /// Gives the store a new data key and re-encrypts everything with it, a batch at a time, then destroys the old one.
  /// Reads and writes go on meanwhile. When it was interrupted, the next `rotate` finishes what was begun instead of
  /// beginning anew.
  Result<void> rotate(const ProgressCallback& progress = {}, const Call& call = {});

  Result<KeyStatus> key_status(const Call& call = {});

  /// A consistent copy of the whole file, also while it is written to; mode 0600, synced. Conflict (reason
  /// "local.exists") when there is something at `path`. It opens with the same key.
  Result<void> backup_to(const std::string& path, const Call& call = {});

  /// Reads and decrypts everything. Damage is reported and not an error; an error means that the file could not be
  /// looked at at all.
  Result<VerifyReport> verify(const IntactCallback& intact = {}, const Call& call = {});

  /// Rewrites the file without the room that purged secrets left. Nobody may write meanwhile: bounded wait.
  Result<void> vacuum(const Call& call = {});

 private:
  class Work;
  explicit Admin(std::unique_ptr<Work> work) noexcept;
  template <class Operation>
  auto guarded(const char* operation, const Call& call, Operation run) -> decltype(run());

  std::unique_ptr<Work> work_;
};

}  // namespace locket::inline v1::local
