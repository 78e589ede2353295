#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "clause_cases.hpp"
#include "vault_fixture.hpp"

namespace {

using namespace locket;
using conformance::OpenBao;
using conformance::openbao;
using conformance::VaultFixture;

/// Each store is a mount.
class MountFixture final : public VaultFixture {
 public:
  MountFixture() = default;
  ~MountFixture() override { unmount(); }

 private:
  vault::Options new_place() override {
    unmount();
    mount_ = fmt::format("kv-{}", next());
    openbao().mount_kv(mount_);
    return {.mount = mount_, .name_space = ""};
  }
  void unmount() {
    if (!mount_.empty()) openbao().unmount(mount_);
    mount_.clear();
  }

  std::string mount_;
};

/// Each store is a folder below one mount in a namespace within a namespace, and the mount is known.
class FolderFixture final : public VaultFixture {
 private:
  vault::Options new_place() override {
    static const bool made = [] {
      openbao().ask(http::Method::Post, "sys/namespaces/team-a");
      openbao().ask(http::Method::Post, "sys/namespaces/dev", {}, "team-a");
      openbao().mount_kv("apps/kv", "team-a/dev");
      return true;
    }();
    static_cast<void>(made);
    return {
        .mount = "apps/kv", .prefix = fmt::format("billing/n{}", next()), .name_space = "team-a/dev", .is_kv2 = true};
  }
};

template <class F>
std::unique_ptr<testing::Fixture> make() {
  if (const std::string missing = OpenBao::missing(); !missing.empty()) SKIP("no OpenBao: " << missing);
  return std::make_unique<F>();
}

const conformance::ClauseCases in_mounts("vault", make<MountFixture>);
const conformance::ClauseCases in_folders("vault in a folder of a namespace", make<FolderFixture>);

}  // namespace
