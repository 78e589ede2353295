#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>
#include <locket/config/store_config.hpp>

using namespace locket;

namespace {

// Stores whose opening is counted, and fails while it is told to.
struct Stores {
  Registry registry;
  std::shared_ptr<SecretStore> inner = *memory::open();
  std::atomic<int> opened = 0;
  std::atomic<bool> broken = false;
  StoreSettings given;

  Stores() {
    REQUIRE(inner->put("a", SecretData::bytes("value")));
    const auto open = [this](const StoreUrl&, const StoreSettings& settings) -> Result<std::shared_ptr<SecretStore>> {
      ++opened;
      given = settings;
      if (broken) return Error({.code = ErrorCode::Unauthenticated, .message = "who are you?"});
      return inner;
    };
    registry.add({.name = "x", .options = {"enforce-expiry"}, .open = open});
  }

  std::map<std::string, std::shared_ptr<SecretStore>, std::less<>> open(const std::string& url = "x:") const {
    const auto config = config::StoreConfig::parse("stores.a.url = '" + url + "'\nstores.b.url = 'gone:'",
                                                   config::Format::Toml, "f", {.variables = config::Variables()});
    return config->open_lazily(registry);
  }
};

}  // namespace

TEST_CASE("a lazy store is opened by its first use, once") {
  Stores stores;
  const auto lazy = stores.open();
  CHECK(lazy.size() == 2);
  CHECK(lazy.at("a")->describe() == "store 'a'");
  CHECK(stores.opened == 0);
  CHECK(lazy.at("a")->get("a")->value().expose() == "value");
  CHECK(lazy.at("a")->get("b").error().code() == ErrorCode::NotFound);
  CHECK(lazy.at("a")->capabilities() == stores.inner->capabilities());
  CHECK(lazy.at("a")->describe() == stores.inner->describe());
  CHECK(stores.opened == 1);
}

TEST_CASE("a lazy store may outlive the registry and the configuration") {
  auto stores = std::make_unique<Stores>();
  std::shared_ptr<SecretStore> inner = stores->inner;
  Registry registry;
  registry.add({.name = "x", .open = [inner](const StoreUrl&, const StoreSettings&) {
                  return Result<std::shared_ptr<SecretStore>>(inner);
                }});
  stores->registry = std::move(registry);
  const auto lazy = stores->open();
  stores.reset();
  CHECK(lazy.at("a")->get("a"));
}

TEST_CASE("a lazy store that cannot be opened says why, and tries again") {
  Stores stores;
  stores.broken = true;
  const auto lazy = stores.open();
  const auto failed = lazy.at("a")->get("a");
  CHECK(failed.error().code() == ErrorCode::Unauthenticated);
  CHECK(failed.error().to_string() == "f:1:8: stores.a: who are you?");
  CHECK(failed.error().backend() == "store 'a'");
  CHECK(stores.opened == 1);
  CHECK(lazy.at("a")->put("c", SecretData::bytes("x")).error().code() == ErrorCode::Unauthenticated);
  CHECK(lazy.at("a")->list("").error().code() == ErrorCode::Unauthenticated);
  const Name name = *Name::parse("a");
  const std::vector<GetRequest> requests{{.name = name}, {.name = name, .options = {.which = Stage{"x"}}}};
  for (const auto& result : lazy.at("a")->get_many(requests)) {
    CHECK(result.error().code() == ErrorCode::Unauthenticated);
  }
  const auto gone = lazy.at("b")->get("a");
  CHECK(gone.error().code() == ErrorCode::InvalidArgument);
  CHECK(gone.error().place()->line == 2);

  stores.broken = false;
  CHECK(lazy.at("a")->get("a"));
}

// A folder of secrets that is not mounted must not look like one without the secret: defaults would be taken.
TEST_CASE("a lazy store that is not there is not a secret that is not there") {
  Registry registry;
  registry.add({.name = "x", .open = [](const StoreUrl&, const StoreSettings&) -> Result<std::shared_ptr<SecretStore>> {
                  return Error({.code = ErrorCode::NotFound, .reason = "x.gone", .message = "no such folder"});
                }});
  const auto config =
      config::StoreConfig::parse("stores.a.url = 'x:'", config::Format::Toml, "f", {.variables = config::Variables()});
  const auto lazy = config->open_lazily(registry);
  const Name name = *Name::parse("a");
  for (const Error& error : {lazy.at("a")->get("a").error(), lazy.at("a")->stat("a").error(),
                             lazy.at("a")->get_many(std::vector<GetRequest>{{.name = name}})[0].error()}) {
    CHECK(error.code() == ErrorCode::Unavailable);
    CHECK(error.reason() == "x.gone");
    CHECK_FALSE(error.retryable());
  }
}

TEST_CASE("a lazy store's capabilities never change") {
  Stores stores;
  stores.broken = true;
  const auto lazy = stores.open();
  const Capabilities before = lazy.at("a")->capabilities();
  stores.broken = false;
  CHECK(lazy.at("a")->get("a").error().code() == ErrorCode::Unauthenticated);
  CHECK(lazy.at("a")->get("a"));
  CHECK(lazy.at("a")->capabilities() == before);
}

TEST_CASE("the option enforce-expiry is the lazy store's own setting, too") {
  Stores stores;
  CHECK(stores.open().at("a")->settings().enforce_expiry);
  const auto lazy = stores.open("x:?enforce-expiry=false");
  CHECK_FALSE(lazy.at("a")->settings().enforce_expiry);
  CHECK(lazy.at("a")->get("a"));
  CHECK_FALSE(stores.given.enforce_expiry);
}

TEST_CASE("threads that use a lazy store at once open it once") {
  Stores stores;
  const auto lazy = stores.open();
  std::atomic<int> found = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      if (i % 2 == 0 ? lazy.at("a")->get("a").ok() : lazy.at("a")->capabilities().put) ++found;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(found == 8);
  CHECK(stores.opened == 1);
}
