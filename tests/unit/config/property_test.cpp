#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/config/store_config.hpp>

#include "unit/config/schemes.hpp"

using namespace locket;

namespace {

// A value that stands where a value may; were it quoted, the error would show it.
constexpr const char* canary = "hunter2canary";

const std::string toml = R"(default = "prod"
environment = "e1"
[stores.dev]
url = "local:/hunter2canary?history=3"
[stores.prod]
url = "vault://hunter2canary.example/secret"
namespace = "hunter2canary"
kv = 2
[environments.e1]
default = "dev"
[environments.e1.stores.dev]
url = "env:?prefix=hunter2canary"
[environments.e2]
stores.x = { url = "memory:" }
)";

const std::string json = R"({"default": "prod", "environment": "e1",
 "stores": {"dev": {"url": "local:/hunter2canary?history=3"},
            "prod": {"url": "vault://hunter2canary.example/secret", "namespace": "hunter2canary", "kv": 2}},
 "environments": {"e1": {"default": "dev", "stores": {"dev": {"url": "env:?prefix=hunter2canary"}}},
                  "e2": {"stores": {"x": {"url": "memory:"}}}}}
)";

class Mutations {
 public:
  explicit Mutations(unsigned seed) : random_(seed) {}

  std::string of(std::string text) {
    for (std::size_t i = 0, count = 1 + below(3); i < count; ++i) one(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

  void one(std::string& text) {
    const std::vector<std::string> pieces{"\"",  "'",  "[",     "]",    "{",           "}",       "=",
                                          ":",   ".",  ",",     "\n",   "#",           "?",       "%",
                                          "\\",  "&",  "token", "url",  "auto",        "\xFF",    "\xC3\xBC",
                                          "1.5", "[[", "null",  "true", "\"a\" = 1\n", "default", std::string(1, '\0')};
    const std::size_t at = below(text.size());
    switch (below(4)) {
      case 0: text.erase(at, 1 + below(8)); break;
      case 1: text.insert(at, pieces[below(pieces.size())]); break;
      case 2: text.replace(at, 1, pieces[below(pieces.size())]); break;
      default: text.insert(at, text.substr(below(text.size()), below(40))); break;
    }
  }

  std::mt19937 random_;
};

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
}

// Every error stands somewhere in the file, says what it is, and quotes no value.
void check_cause(const Error& cause, const std::string& text) {
  REQUIRE(cause.place());
  CHECK(cause.place()->file == "f");
  CHECK((cause.place()->line >= 1 && cause.place()->line <= lines_of(text)));
  CHECK(cause.place()->column >= 1);
  CHECK(cause.reason().starts_with("config."));
  CHECK_FALSE(cause.message().empty());
}

}  // namespace

TEST_CASE("whatever a file holds, every error has a place, in order, and quotes no value") {
  const Registry registry = locket_test::schemes();
  const config::LoadOptions options{
      .registry = &registry, .schemes_must_be_known = true, .variables = config::Variables()};
  std::size_t refused = 0;
  for (unsigned seed = 0; seed < 6000; ++seed) {
    const bool is_json = seed % 2 == 1;
    const std::string text = Mutations(seed).of(is_json ? json : toml);
    const auto loaded =
        config::StoreConfig::parse(text, is_json ? config::Format::Json : config::Format::Toml, "f", options);
    if (loaded) {
      for (const auto& [alias, store] : loaded->stores()) CHECK(registry.check(store.url));
      if (loaded->default_alias()) CHECK(loaded->find(*loaded->default_alias()));
      continue;
    }
    ++refused;
    INFO("seed " << seed << '\n' << text << '\n' << loaded.error());
    REQUIRE_FALSE(loaded.error().causes().empty());
    for (const Error& cause : loaded.error().causes()) check_cause(cause, text);
    // A value may become a key, or the name of a store, by mistake; those are named.
    if (loaded.error().causes().front().reason() == "config.syntax") {
      CHECK(loaded.error().to_string().find(canary) == std::string::npos);
    }
    const auto before = [](const Error& a, const Error& b) {
      return std::pair(a.place()->line, a.place()->column) < std::pair(b.place()->line, b.place()->column);
    };
    CHECK(std::ranges::is_sorted(loaded.error().causes(), before));
  }
  CHECK(refused > 1000);
  CHECK(refused < 6000);
}
