#include <iostream>

#include <locket/backends/local.hpp>
#include <locket/password.hpp>

namespace local = locket::local;

// What this service signs its sessions with: made at the first start, the same from then on.
static locket::Result<locket::Secret> session_key(locket::SecretStore& store) {
  auto key = store.get("web/session_key");
  if (key || key.error().code() != locket::ErrorCode::NotFound) return key;
  const auto made = locket::SecretData::bytes(*locket::generate_password());
  // Of several processes that start at once one writes; the others are told Conflict, and read what that one wrote.
  const auto put = store.put("web/session_key", made, {.condition = locket::MustNotExist{}});
  if (!put && put.error().code() != locket::ErrorCode::Conflict) return put.error();
  return store.get("web/session_key");
}

int main() {
  // The first start makes both files, for this user alone.
  const auto store =
      local::open({.path = "app.db", .key = local::KeyFile{.path = "app.key"}, .create_if_missing = true});
  if (!store) return std::cerr << store.error() << '\n', 1;
  const auto key = session_key(**store);
  if (!key) return std::cerr << key.error() << '\n', 1;
  std::cout << "signing with " << *key << ", version " << *key->version() << '\n';  // the value prints as ***
}
