#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <locket/name.hpp>
#include <locket/result.hpp>

namespace locket::inline v1::vault {

/// Where the store's secrets are: a mount, and a folder below it. Names were checked, and contain neither "//" nor
/// "..", so that no path leaves the folder.
class Paths {
 public:
  /// InvalidArgument (reason "vault.option"): a mount or prefix that is not written as a name is.
  static Result<Paths> make(std::string_view mount, std::string_view prefix);

  /// "team/kv".
  const std::string& mount() const noexcept { return mount_; }
  /// "", or "apps/billing/".
  const std::string& prefix() const noexcept { return prefix_; }

  std::string data(NameView name) const { return below("data", name.text()); }
  std::string subkeys(NameView name) const { return below("subkeys", name.text()); }
  std::string metadata(NameView name) const { return below("metadata", name.text()); }
  /// `action` is "delete", "undelete" or "destroy".
  std::string versions(std::string_view action, NameView name) const { return below(action, name.text()); }
  /// `folder` is empty or ends in "/"; the path does not.
  std::string folder(std::string_view folder) const;

 private:
  Paths(std::string mount, std::string prefix) : mount_(std::move(mount)), prefix_(std::move(prefix)) {}
  std::string below(std::string_view kind, std::string_view rest) const;

  std::string mount_;
  std::string prefix_;
};

}  // namespace locket::inline v1::vault
