#pragma once

#include <functional>
#include <memory>
#include <string>

#include <locket/options.hpp>
#include <locket/result.hpp>
#include <locket/store.hpp>

namespace locket::cli {

/// How a LateStore gets the store that it stands for.
using OpenStore = std::function<Result<std::shared_ptr<SecretStore>>()>;

/// A store for reading that is opened by its first use, and once: what opening it said is what every operation says, so
/// that nobody is asked for a passphrase twice. That a store is not there is told as Unavailable: references have
/// defaults for a secret that is not there, which nobody knows of it then. `settings` decide whether expired values are
/// released; `description` is for people, and holds no credential.
std::shared_ptr<SecretStore> late_store(OpenStore open, std::string description, StoreSettings settings);

}  // namespace locket::cli
