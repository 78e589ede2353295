// A plugin with locket inside (see unload.cpp).
#include <string>
#include <vector>

#include <locket/backends/env.hpp>
#include <locket/export.hpp>
#include <locket/secret_value.hpp>

/// Makes values of many sizes and releases them, and opens, reads and closes a store. Returns how many bytes it had.
extern "C" LOCKET_EXPORT std::size_t hold_and_release() {
  const auto store = locket::env::open({});
  if (!store || !(*store)->get("path") || !(*store)->list("")) return 0;
  std::vector<locket::SecretValue> values;
  for (std::size_t size = 1; size < 1'000'000; size *= 2) values.emplace_back(std::string(size, 'x'));
  std::size_t total = 0;
  for (const locket::SecretValue& value : values) total += value.size();
  return total;
}

/// Makes a value that is never released.
extern "C" LOCKET_EXPORT const char* hold() {
  return (new locket::SecretValue("held after the library is gone"))->expose().data();
}
