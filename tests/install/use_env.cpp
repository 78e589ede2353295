#include <locket/backends/env.hpp>

int main() {
  const auto store = locket::env::open({.names = {"path"}});
  return store && (*store)->get("path") ? 0 : 1;
}
