#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <locket/backends/local_admin.hpp>

#include "opening.hpp"

namespace locket::inline v1::local {

/// What an Admin works with: one connection of its own, and how it was opened.
class Admin::Work {
 public:
  Work(Options options, Opened opened);
  ~Work();
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  Result<void> rekey(KeySource to);
  Result<void> rotate(const ProgressCallback& progress, const Call& call);
  Result<KeyStatus> key_status();
  Result<void> backup_to(const std::string& path);
  Result<VerifyReport> verify(const IntactCallback& intact, const Call& call);
  Result<void> vacuum();

  bool forked() const noexcept;
  /// While it is, this object's connection is in the middle of reading.
  bool verifying() const noexcept { return verifying_; }
  Result<void> check(const Call& call) const;
  void serve(const Call* call) noexcept { session().connection.database().serve(call); }
  std::string describe() const;

 private:
  struct Rotation;

  Session& session() const noexcept { return *opened_.session; }
  Connection& connection() noexcept { return session().connection; }
  Result<void> commit_rekey(const Header& header, const RootKeys& keys, const KeySource& to, const NewRoot& root);
  void discard_next(const KeyFile& file, const crypto::Key& key);
  Result<void> reopen(KeySource key);

  Result<bool> begin_rotation();
  Result<std::vector<std::string>> next_names(const std::string& after);
  Result<void> reencrypt(const std::vector<std::string>& names);
  Result<bool> destroy_unused_keys();

  Options options_;
  Opened opened_;
  std::uint32_t epoch_;
  bool verifying_ = false;
};

}  // namespace locket::inline v1::local
