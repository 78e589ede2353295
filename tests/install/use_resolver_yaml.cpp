#include <locket/backends/memory.hpp>
#include <locket/resolver/resolver.hpp>
#include <locket/resolver/yaml.hpp>

// A password in YAML, quoted as its place needs it.
int main() {
  auto store = locket::memory::open();
  if (!store || !(*store)->put("db", locket::SecretData::bytes("not: really"))) return 1;
  const auto resolver = locket::Resolver::create(*store);
  if (!resolver) return 1;
  const auto resolved =
      resolver->resolve_document("db:\n  password: $<secret:db>  # kept\n", *locket::resolver::yaml());
  return resolved && resolved->expose() == "db:\n  password: \"not: really\"  # kept\n" ? 0 : 1;
}
