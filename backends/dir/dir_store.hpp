#pragma once

#include <memory>
#include <string>

#include <locket/backends/dir.hpp>

#include "beneath.hpp"
#include "content.hpp"

namespace locket::inline v1::dir {

/// As the public `open`, with links followed in a given way.
Result<std::shared_ptr<SecretStore>> open(Options options, Way way);

/// Mounted files; see backends/dir.hpp. Holds nothing open, and no state that changes.
class DirStore final : public SecretStore {
 public:
  /// `options` are checked, and its path is absolute.
  DirStore(Options options, Way way);

 protected:
  Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override;
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override;
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override;
  Result<Health> do_health(const Call& call) override;
  const Capabilities& do_capabilities() const noexcept override { return capabilities_; }
  std::string do_describe() const override;

 private:
  template <class T, class Operation>
  Result<T> attempt(std::string_view name, const Call& call, Operation run) const;
  Result<Secret> secret_of(NameView name, Content content) const;

  std::string path_;
  std::uint64_t max_entries_;
  Way way_;
  Capabilities capabilities_;
};

}  // namespace locket::inline v1::dir
