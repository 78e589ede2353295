// What a scheme says of its stores is what such a store says of itself.
#include <cstdlib>
#include <filesystem>

#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include <locket/all.hpp>
#include <locket/backends/local.hpp>

namespace {

void check_scheme(const std::string& scheme, const std::string& url) {
  const locket::Registry registry = locket::default_registry();
  const auto store = registry.open(url);
  REQUIRE(store);
  REQUIRE(registry.find(scheme) != nullptr);
  CHECK(registry.find(scheme)->capabilities == (*store)->capabilities());
}

TEST_CASE("schemes tell the capabilities of their stores") {
  check_scheme("memory", "memory:");
  check_scheme("env", "env:");
  check_scheme("dir", "dir:/");
}

TEST_CASE("the local scheme tells the capabilities of its stores") {
  const auto folder = std::filesystem::temp_directory_path() / ("locket-capabilities-" + std::to_string(::getpid()));
  const auto url =
      locket::StoreUrl::parse("local:" + (folder / "s.db").string() + "?key-file=" + (folder / "k").string());
  auto options = locket::local::options_of(*url);
  REQUIRE(options);
  REQUIRE(locket::local::create(std::move(*options)));
  check_scheme("local", "local:" + (folder / "s.db").string() + "?key-file=" + (folder / "k").string());
  std::filesystem::remove_all(folder);
}

TEST_CASE("a local URL's options are refused as the registry refuses them") {
  for (const auto* url : {"dir:/x", "local:/x?keyfile=/k", "local:/x", "local://host/x?key-file=/k"}) {
    CHECK(!locket::local::options_of(*locket::StoreUrl::parse(url)));
  }
  CHECK(locket::default_registry().find("telepathy") == nullptr);
}

}  // namespace
