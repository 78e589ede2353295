#include <cstring>

#include <locket/backends/memory.hpp>
#include <locket/version.hpp>

// The core has a store of its own; the library found at run time is the one that was compiled against.
int main() {
  auto store = locket::memory::open();
  if (!store) return 1;
  const auto put = (*store)->put("db/password", locket::SecretData::bytes("not really"));
  const auto secret = (*store)->get("db/password");
  if (!put || !secret || secret->version() != *put) return 1;
  return std::strcmp(locket::version(), locket::library_version());
}
