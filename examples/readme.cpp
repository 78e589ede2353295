#include <iostream>

#include <locket/all.hpp>

int main() {
  const auto store = locket::open_default(locket::default_registry());
  if (!store) return std::cerr << store.error() << '\n', 1;

  const auto password = (*store)->get("db/password");
  if (!password) return std::cerr << password.error() << '\n', 1;

  std::cout << "connecting as app with " << *password << '\n';  // prints ***
  // connect("app", password->value().expose());
}
