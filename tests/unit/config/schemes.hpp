#pragma once

#include <locket/backends/memory.hpp>
#include <locket/registry.hpp>

namespace locket_test {

/// Schemes with the options of the real backends, as far as the tests need them; all of their stores are empty ones in
/// memory. The last URL that was opened goes to `opened`, when it is given.
inline locket::Registry schemes(std::string* opened = nullptr) {
  const auto open = [opened](const locket::StoreUrl& url, const locket::StoreSettings& settings) {
    if (opened != nullptr) *opened = url.scheme() + ':' + url.host() + url.path();
    return locket::memory::open({.settings = settings});
  };
  locket::Registry registry;
  registry.add({.name = "local", .options = {"key-file", "history", "enforce-expiry"}, .open = open});
  registry.add({.name = "vault", .options = {"prefix", "namespace", "role-id-file", "kv"}, .open = open});
  registry.add({.name = "env", .options = {"prefix", "file"}, .open = open});
  registry.add({.name = "memory", .open = open});
  return registry;
}

}  // namespace locket_test
