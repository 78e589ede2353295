#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <locket/backends/vault.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>

namespace locket::inline v1::vault {

/// Whether exactly one of its members is set; InvalidArgument (reason "vault.option") else. `what` is "the role id".
Result<void> check(const Credential& credential, std::string_view what);

/// What it holds now, without a newline at the end. Unauthenticated (reason "vault.credential"): it is not there,
/// empty, larger than 64 KiB, or cannot be read.
Result<SecretValue> read(const Credential& credential, std::string_view what);

/// The state of a credential's file, by which a new one is known without reading it.
struct FileMark {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t changed_seconds = 0;
  std::int64_t changed_nanoseconds = 0;

  friend bool operator==(const FileMark&, const FileMark&) = default;
};

/// All zeros when there is no file, be it that the credential is none.
FileMark mark_of(const Credential& credential);

}  // namespace locket::inline v1::vault
