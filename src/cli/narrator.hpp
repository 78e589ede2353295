#pragma once

#include <memory>

#include <locket/observer.hpp>
#include <locket/store.hpp>

namespace locket::cli {

/// `inner`, telling on standard error each operation, what came of it and how long it took. For --verbose.
std::shared_ptr<SecretStore> narrated(std::shared_ptr<SecretStore> inner);

/// Tells events (logins, retries) on standard error.
std::shared_ptr<Observer> event_narrator();

}  // namespace locket::cli
