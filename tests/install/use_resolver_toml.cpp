#include <locket/backends/memory.hpp>
#include <locket/resolver/resolver.hpp>
#include <locket/resolver/toml.hpp>

// A password in TOML, quoted as its place needs it.
int main() {
  auto store = locket::memory::open();
  if (!store || !(*store)->put("db", locket::SecretData::bytes("not: really"))) return 1;
  const auto resolver = locket::Resolver::create(*store);
  if (!resolver) return 1;
  const auto resolved =
      resolver->resolve_document("[db]\npassword = \"$<secret:db>\"  # kept\n", *locket::resolver::toml());
  return resolved && resolved->expose() == "[db]\npassword = \"not: really\"  # kept\n" ? 0 : 1;
}
