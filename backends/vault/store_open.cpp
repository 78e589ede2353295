#include <string>
#include <utility>

#include <fmt/format.h>

#include "environment.hpp"
#include "failure.hpp"
#include "health.hpp"
#include "kv_metadata.hpp"
#include "store.hpp"

namespace locket::inline v1::vault {
namespace {

// What every storage of Vault's takes (Consul's limit), and small enough for any answer: Vault writes some characters
// as six, and 3 MiB are less than what an answer may have (TransportOptions::max_body).
constexpr std::uint64_t max_value = std::uint64_t{512} << 10U;

std::string describe(const Options& options, const Paths& paths) {
  std::string text = fmt::format("vault {}/{}", options.address, paths.mount());
  const std::string name_space = options.name_space.value_or("");
  if (!paths.prefix().empty()) text += fmt::format(", prefix {}", paths.prefix());
  if (!name_space.empty()) text += fmt::format(", namespace {}", name_space);
  return text;
}

}  // namespace

Capabilities abilities(std::uint64_t max_versions) {
  return {.cas = Cas::Linearizable,
          .put = true,
          .remove = true,
          .soft_delete = true,
          .undelete = true,
          .purge = true,
          .versions = true,
          .rollback = true,
          .annotate = true,
          .expiry = true,
          .batch = true,
          .list = true,
          .list_metadata = true,
          .stat_without_value = true,
          .max_value = max_value,
          .max_versions = max_versions,
          .max_tags = max_tags};
}

VaultStore::VaultStore(const Options& options, std::shared_ptr<Client> client, Paths paths, std::string description)
    : SecretStore(options.settings),
      capabilities_(abilities(options.max_versions)),
      description_(std::move(description)),
      kv_(std::move(client), std::move(paths), options.is_kv2, settings().clock) {}

VaultStore::~VaultStore() = default;

Result<std::shared_ptr<SecretStore>> open(Options options) {
  if (auto good = check_wait(options.wait_ready); !good) return std::move(good).error();
  auto paths = Paths::make(options.mount, options.prefix);
  if (!paths) return std::move(paths).error();
  auto whole = complete(std::move(options));
  if (!whole) return std::move(whole).error();
  std::string description = describe(*whole, *paths);
  auto client = Client::make(*whole, description);
  if (!client) return std::move(client).error();
  auto store = std::make_shared<VaultStore>(*whole, std::move(*client), std::move(*paths), std::move(description));
  if (whole->wait_ready.count() > 0) {
    if (auto ready = await_ready(*store, whole->wait_ready); !ready) return std::move(ready).error();
  }
  return store;
}

}  // namespace locket::inline v1::vault
