#include <optional>

#include <unistd.h>

#include "clause_cases.hpp"
#include "unit/dir/folders.hpp"

namespace {

using conformance::ClauseCases;
using locket::ErrorCode;
using locket::Result;
using locket::SecretData;
using locket::SecretStore;
using locket::testing::Seed;

using Files = std::map<std::string, std::string>;

// Bytes are a file, fields a folder of files.
Result<Files> files_of(std::span<const Seed> seeds) {
  Files files;
  for (const Seed& seed : seeds) {
    const locket::Secret secret(seed.data.clone());
    if (secret.kind() == SecretData::Kind::Bytes) {
      files[seed.name] = secret.value().expose();
      continue;
    }
    const auto names = secret.field_names();
    if (!names) return names.error();
    for (const std::string& name : *names) files[seed.name + "/" + name] = secret.field(name)->expose();
  }
  return files;
}

// What the platforms mount, with the suite's secrets in it.
class DirFixture : public locket::testing::Fixture {
 public:
  explicit DirFixture(locket::dir::Way way) : way_(way) {}

  Result<std::shared_ptr<SecretStore>> open(std::span<const Seed> seeds) override {
    auto files = files_of(seeds);
    if (!files) return std::move(files).error();
    folder_.emplace();
    fill(*folder_, *files);
    return locket::dir::open({.path = folder_->path().string()}, way_);
  }

  locket::testing::Quirks quirks() const override { return {.folders_are_secrets = true, .reorders_fields = true}; }

  Result<std::shared_ptr<SecretStore>> open_failing(ErrorCode kind, std::span<const Seed> seeds) override {
    if (kind == ErrorCode::PermissionDenied && ::geteuid() == 0) return nullptr;  // modes do not bind root
    auto store = open(seeds);
    if (!store) return store;
    switch (kind) {
      case ErrorCode::PermissionDenied: folder_->mode("", 0); break;
      case ErrorCode::Unavailable: std::filesystem::remove_all(folder_->path()); break;
      case ErrorCode::Integrity:
        std::filesystem::remove_all(*folder_ / "..data");
        folder_->link("..data", "..");
        break;
      default: return nullptr;
    }
    return store;
  }

 protected:
  virtual void fill(folders::Folder& folder, const Files& files) const {
    for (const auto& [name, bytes] : files) folder.write(name, bytes);
  }

 private:
  std::optional<folders::Folder> folder_;
  locket::dir::Way way_;
};

class KubernetesFixture : public DirFixture {
 public:
  using DirFixture::DirFixture;

 protected:
  void fill(folders::Folder& folder, const Files& files) const override {
    folders::Volume volume(folder.path());
    volume.publish(files);
  }
};

template <class Fixture, locket::dir::Way way>
std::unique_ptr<locket::testing::Fixture> make() {
  return std::make_unique<Fixture>(way);
}

using locket::dir::Way;
const ClauseCases plain("dir", make<DirFixture, Way::Kernel>);
const ClauseCases kubernetes("dir, a Kubernetes volume without openat2", make<KubernetesFixture, Way::Portable>);

// The one clause that modes decide.
TEST_CASE("dir, bound by file modes: error/denied", "[unprivileged]") {
  for (const locket::testing::Clause& clause : locket::testing::clauses()) {
    if (clause.name() != "error/denied") continue;
    DirFixture fixture(Way::Kernel);
    const locket::testing::Verdict verdict = clause.run(fixture);
    if (verdict.skipped()) SKIP(verdict.text);
    CHECK(verdict.text.empty());
    return;
  }
  FAIL("the suite has no clause of that name");
}

}  // namespace
