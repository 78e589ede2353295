#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

namespace locket::inline v1::http {

/// The files that say whom to trust and who we are; empty paths: none.
struct IdentityFiles {
  std::string ca = {};
  std::string certificate = {};
  std::string key = {};
};

/// What stood in those files at one time, in memory that is wiped, with what tells whether they have changed since.
class Identity {
 public:
  /// InvalidArgument: "http.file" (missing, unreadable, more than 1 MiB, not PEM), "http.client_certificate" (the key
  /// is encrypted: nobody is asked for its passphrase; or it is not the certificate's).
  static Result<Identity> load(IdentityFiles files);

  /// Whether one of the files is another one now, or cannot be looked at. Three system calls at most.
  bool outdated() const noexcept;

  // PEM; empty: none.
  const SecretBuffer& ca() const noexcept { return contents_[0]; }
  /// Nothing but certificates, also where the key stands in the same file.
  const SecretBuffer& certificate() const noexcept { return contents_[1]; }
  const SecretBuffer& key() const noexcept { return contents_[2]; }

 private:
  // Device, inode, size, time of the last change of contents and of the last change at all, in nanoseconds.
  using Stamp = std::array<std::uint64_t, 5>;

  Result<void> read(std::size_t which);

  std::array<std::string, 3> paths_;
  std::array<Stamp, 3> stamps_ = {};
  std::array<SecretBuffer, 3> contents_;
};

}  // namespace locket::inline v1::http
