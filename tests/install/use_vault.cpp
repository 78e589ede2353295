#include <locket/backends/vault.hpp>

// Nobody listens on port 1: what is linked goes as far as a socket, and says so.
int main() {
  const auto store = locket::vault::open({.address = "http://127.0.0.1:1", .connection = {.retry = {.attempts = 1}}});
  if (!store) return 1;
  const auto health = (*store)->health();
  return !health && health.error().code() == locket::ErrorCode::Network ? 0 : 1;
}
