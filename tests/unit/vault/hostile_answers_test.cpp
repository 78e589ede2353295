// Answers on a real socket that are longer than anybody wants: how much of them is read, and what becomes of the
// memory.
#include <cstddef>
#include <fstream>
#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/vault.hpp>

#include "fakes/http_fake.hpp"

using namespace locket;
using locket_test::HttpFake;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

std::shared_ptr<SecretStore> open(const std::string& mount) {
  auto store = vault::open({.address = HttpFake::get().origin("plain"),
                            .mount = mount,
                            .name_space = "",
                            .login = vault::GivenToken{.token = {.value = std::make_shared<SecretValue>("s.token")}},
                            .is_kv2 = true});
  REQUIRE(store);
  return *store;
}

/// The most memory that was resident since it was made, over what was then.
class Growth {
 public:
  Growth() {
    std::ofstream("/proc/self/clear_refs") << 5;  // proc(5): forget the peak
    before_ = resident();
  }
  std::size_t mebibytes() const { return (peak() - before_) / mebibyte; }

 private:
  static std::size_t told(const std::string& what) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
      if (std::size_t kibibytes = 0; word == what && status >> kibibytes) return kibibytes * 1024;
    }
    return 0;
  }
  static std::size_t resident() { return told("VmRSS:"); }
  static std::size_t peak() { return told("VmHWM:"); }

  std::size_t before_ = 0;
};

void is_small(const Growth& growth) {
#ifdef LOCKET_MEASURES_MEMORY
  constexpr std::size_t most = 110;
  CHECK(growth.mebibytes() <= most);
#else
  (void)growth;
#endif
}

}  // namespace

TEST_CASE("Lists that are as long as an answer may be do not add up in memory") {
  const auto store = open("names");
  const Growth growth;
  const auto page = store->list("", {.limit = 4});
  REQUIRE(page);
  CHECK(page->items.size() == 4);
  is_small(growth);
}

TEST_CASE("Histories that are as long as an answer may be do not add up in memory") {
  const auto store = open("histories");
  const Growth growth;
  const auto page = store->list("");
  REQUIRE_FALSE(page);
  CHECK(page.error().code() == ErrorCode::MalformedResponse);
  is_small(growth);
}

TEST_CASE("A hundred thousand names in each of two folders are listed") {
  const auto store = open("many");
  const auto page = store->list("", {.limit = 3});
  REQUIRE(page);
  REQUIRE(page->items.size() == 3);
  CHECK(page->items[2].name.text() == "a/" + std::string(35, '0') + "2");
  CHECK(store->list("b", {.limit = 1}).value().items[0].name.text() == "b/" + std::string(36, '0'));
}

TEST_CASE("What holds no value is cut off where no Vault is so long, and the error says where") {
  const auto health = open("many")->health();
  REQUIRE_FALSE(health);
  CHECK(health.error().code() == ErrorCode::MalformedResponse);
  CHECK(health.error().reason() == "http.too_large");
  CHECK(health.error().message().find("GET sys/health is longer than 262144 bytes") != std::string::npos);
  CHECK(health.error().hint().starts_with("check the address"));
}

TEST_CASE("An answer to a write that does not end leaves open what was written") {
  const auto written = open("endless")->put("a", SecretData::bytes("x"));
  REQUIRE_FALSE(written);
  CHECK(written.error().reason() == "http.too_large");
  CHECK(written.error().effect() == Effect::Unknown);
}

TEST_CASE("A value that does not end is refused where the connection's limit is, which can be raised") {
  const auto secret = open("endless")->get("a");
  REQUIRE_FALSE(secret);
  CHECK(secret.error().reason() == "http.too_large");
  CHECK(secret.error().message().find("GET endless/data/a") != std::string::npos);
  CHECK(secret.error().hint().find("max_body") != std::string::npos);
}
