#pragma once

#include <memory>
#include <string>

#include <locket/config/store_config.hpp>
#include <locket/registry.hpp>
#include <locket/store.hpp>

namespace locket::inline v1::config {

/// A store that is opened by its first use; StoreConfig::open_lazily says how. The registry is shared by all of them.
std::shared_ptr<SecretStore> lazy_store(std::shared_ptr<const Registry> registry, std::string alias,
                                        ConfiguredStore store, const StoreSettings& settings);

}  // namespace locket::inline v1::config
