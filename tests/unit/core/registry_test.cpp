#include <locket/registry.hpp>

#include <cstdlib>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <locket/backends/memory.hpp>

using namespace locket;

namespace {

// A registry with one scheme whose `open` remembers the URL it was given.
struct Fixture {
  Registry registry;
  std::optional<StoreUrl> opened;

  explicit Fixture(std::string name = "vault") {
    registry.add({.name = std::move(name),
                  .options = {"prefix", "namespace", "token-file"},
                  .open = [this](const StoreUrl& url, const StoreSettings&) {
                    opened = url;
                    return memory::open();
                  }});
  }
  std::string refused(std::string_view url) {
    const auto store = registry.open(url);
    REQUIRE_FALSE(store);
    CHECK_FALSE(opened);
    CHECK(store.error().code() == ErrorCode::InvalidArgument);
    return store.error().to_string();
  }
};

class ScopedVariable {
 public:
  ScopedVariable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~ScopedVariable() { ::unsetenv(name_); }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("a store URL is taken apart") {
  Fixture fixture;
  REQUIRE(fixture.registry.open("VAULT://host.example:8200/team%20a/kv?prefix=app&namespace=a%2Fb"));
  CHECK(fixture.opened->scheme() == "vault");
  CHECK(fixture.opened->host() == "host.example:8200");
  CHECK(fixture.opened->path() == "/team a/kv");
  CHECK(fixture.opened->text("namespace") == "a/b");
  CHECK_FALSE(fixture.opened->text("token-file"));
}

TEST_CASE("an unknown scheme or option is refused with what is known") {
  Fixture fixture;
  CHECK(fixture.refused("valut://h/kv").find("did you mean 'vault'?") != std::string::npos);
  CHECK(fixture.refused("vault://h/kv?prefx=a").find("did you mean 'prefix'?") != std::string::npos);
  CHECK(fixture.refused("gcp:").find("known are: vault") != std::string::npos);
}

TEST_CASE("a URL can be checked without opening its store") {
  Fixture fixture;
  CHECK(fixture.registry.check("vault://h/kv?prefix=a"));
  for (const char* url : {"valut://h/kv", "vault://h/kv?prefx=a", "vault", "vault://me@h/kv"}) {
    const auto checked = fixture.registry.check(url);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().to_string() == fixture.refused(url));
  }
  CHECK_FALSE(fixture.opened);
}

TEST_CASE("a credential in a URL is refused and never quoted") {
  Fixture fixture;
  const std::string url =
      GENERATE("vault://app:hunter2@host/kv", "vault://hunter2@host/kv", "vault://h/kv?token=hunter2",
               "vault://h/kv?password=hunter2", "vault://h/kv?prefix=a#hunter2", "hunter2", "vault://h/kv?hunter2",
               "vault://h/kv?prefix=%zzhunter2", "vault://h/kv?=hunter2", "vault://h/kv?prefix=hunter2&prefix=a",
               "vault://h/kv?prefix=a\nhunter2", "vault://h/%00hunter2");
  CAPTURE(url);
  CHECK(fixture.refused(url).find("hunter2") == std::string::npos);
}

TEST_CASE("options have types") {
  const auto url = *StoreUrl::parse("x:?on=true&off=false&n=12&bad=yes&big=99999999999999999999&neg=-1");
  CHECK(*url.boolean("on", false));
  CHECK_FALSE(*url.boolean("off", true));
  CHECK(*url.boolean("none", true));
  CHECK_FALSE(url.boolean("bad", true));
  CHECK(*url.number("n", 0, 1, 12) == 12);
  CHECK(*url.number("none", 7, 1, 12) == 7);
  CHECK_FALSE(url.number("n", 0, 1, 11));
  CHECK_FALSE(url.number("big", 0, 0, UINT64_MAX));
  CHECK_FALSE(url.number("neg", 0, 0, 10));
}

TEST_CASE("the default store is the argument's, then the environment's, then the local one") {
  Fixture fixture;
  CHECK(open_default(fixture.registry).error().hint().find("LOCKET_STORE") != std::string::npos);
  {
    const ScopedVariable chosen("LOCKET_STORE", "vault://from-environment/kv");
    REQUIRE(open_default(fixture.registry));
    CHECK(fixture.opened->host() == "from-environment");
    REQUIRE(open_default(fixture.registry, "vault://from-argument/kv"));
    CHECK(fixture.opened->host() == "from-argument");
  }
  Fixture local("local");
  const ScopedVariable ignored("VAULT_ADDR", "https://elsewhere:8200");
  REQUIRE(open_default(local.registry));
  CHECK(local.opened->scheme() == "local");
  CHECK(local.opened->path().empty());
}
