// What the resolver must withstand: SECURITY.md, 42 to 45.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>
#include <locket/resolver/resolver.hpp>

using namespace locket;

namespace {

constexpr std::string_view canary = "CANARY-7e2a";

std::shared_ptr<SecretStore> store_with(std::string_view name, std::string_view value) {
  auto store = *memory::open({.max_value = 0});
  REQUIRE(store->put(name, SecretData::bytes(value)));
  return store;
}

// Everything that an error says, to whoever asks.
std::string all_of(const Error& error) {
  std::string text = error.to_string() + error.reason() + error.backend() + error.operation() + error.name();
  for (const Error& cause : error.causes()) text += all_of(cause);
  return text;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("42: values are never scanned again") {
  for (const std::string_view value :
       {"$<secret:x>", "$$<secret:x>", "${secret:x}", "$<env:PATH>", "$<secret:", "$<secret:x|$<secret:x>>", "$"}) {
    CAPTURE(value);
    const auto resolver = *Resolver::create(store_with("x", value), {.delimiters = Delimiters::AngleAndBraces});
    CHECK(resolver.resolve("$<secret:x>")->expose() == value);
    CHECK(resolver.resolve("a${secret:x}b")->expose() == "a" + std::string(value) + "b");
    CHECK(resolver.resolve("$<secret:x><secret:x>")->expose() == std::string(value) + "<secret:x>");
    auto values = resolver.resolve_values(R"(["$<secret:x>"])", *resolver::json());
    REQUIRE(values);
    CHECK(std::get<ResolvedValue>(values->at(0).content).value.expose() == value);
  }
}

TEST_CASE("43: the number of references is capped, wrong and repeated ones too") {
  const auto resolver = *Resolver::create(store_with("x", "1"), {.max_references = 10});
  CHECK(resolver.resolve(repeated("$<secret:x>", 10))->expose() == "1111111111");
  for (const std::string_view each : {"$<secret:x>", "$<secret:", "$<secret:x?y>", "$<secret:n|d>"}) {
    auto resolved = resolver.resolve(repeated(each, 11));
    REQUIRE_FALSE(resolved);
    CHECK(resolved.error().code() == ErrorCode::LimitExceeded);
    CHECK(resolved.error().reason() == "resolver.too_many");
  }
  CHECK(resolver.resolve(repeated("$$<secret:x>", 11)));
}

TEST_CASE("43: a hundred thousand references by default") {
  const auto resolver = *Resolver::create(store_with("x", "1"));
  CHECK(resolver.resolve(repeated("$<secret:x>", 100'000))->expose().size() == 100'000);
  CHECK_FALSE(resolver.resolve(repeated("$<secret:x>", 100'001)));
}

TEST_CASE("43: the sizes are capped, before and after") {
  const auto resolver =
      *Resolver::create(store_with("x", std::string(1000, 'v')), {.max_input = 100, .max_output = 2000});
  CHECK(resolver.resolve(std::string(100, 'a')));
  auto input = resolver.resolve(std::string(101, 'a'));
  REQUIRE_FALSE(input);
  CHECK(input.error().reason() == "resolver.too_large");
  CHECK(resolver.resolve("$<secret:x>$<secret:x>")->expose().size() == 2000);
  for (const std::string_view text :
       {"$<secret:x>$<secret:x>a", "a$<secret:x>$<secret:x>", "$<secret:x>$<secret:x>$<secret:x>"}) {
    auto output = resolver.resolve(text);
    REQUIRE_FALSE(output);
    CHECK(output.error().code() == ErrorCode::LimitExceeded);
  }
  auto json = resolver.resolve_document(R"(["$<secret:x>", "$<secret:x>"])", *resolver::json());
  REQUIRE_FALSE(json);
  CHECK(json.error().reason() == "resolver.too_large");
}

TEST_CASE("43: hostile texts take no longer than they are long") {
  const auto resolver = *Resolver::create(store_with("x", "1"), {.max_references = 2'000'000});
  for (const std::string_view each :
       {"$<secret:", "$", "$<secret:a|\"", "$<secret:a#", "$<secret:$<env:", "$<secret:a|'\n"}) {
    CAPTURE(each);
    CHECK(resolver.references(repeated(each, 50'000)).ok() == (each == "$"));
  }
}

TEST_CASE("43: the paths of values take no more memory than allowed") {
  const auto resolver = *Resolver::create(store_with("x", "1"));
  const std::string document =
      "{\"" + std::string(1'000'000, 'k') + "\": [" + repeated("\"$<secret:x>\", ", 300) + "1]}";
  auto resolved = resolver.resolve_document(document, *resolver::json());
  REQUIRE_FALSE(resolved);
  CHECK(resolved.error().code() == ErrorCode::LimitExceeded);
  CHECK(resolved.error().reason() == "json.paths");
}

TEST_CASE("44: escapes, unclosed and nested references mean one thing each") {
  const auto resolver = *Resolver::create(store_with("x", "v"));
  CHECK(resolver.resolve("$$<secret:x>")->expose() == "$<secret:x>");
  CHECK(resolver.resolve("$$$<secret:x>")->expose() == "$v");
  CHECK(resolver.resolve("$$$$<secret:x>")->expose() == "$$<secret:x>");
  const std::vector<std::pair<std::string, std::string>> wrong{{"$<secret:x", "reference.unterminated"},
                                                               {"$<secret:x\n>", "reference.unterminated"},
                                                               {"$<secret:x|\"a>", "reference.unterminated"},
                                                               {"$<secret:$<secret:x>>", "reference.nested"},
                                                               {"$<secret:n|$<secret:x>>", "reference.nested"}};
  for (const auto& [text, reason] : wrong) {
    CAPTURE(text);
    auto first = resolver.resolve(text);
    auto second = resolver.resolve(text);
    REQUIRE_FALSE(first);
    CHECK(first.error().causes().at(0).reason() == reason);
    CHECK(first.error().to_string() == second.error().to_string());
  }
}

TEST_CASE("45: with one bad reference nothing is returned, and the error names it and no value") {
  const auto resolver = *Resolver::create(store_with("x", canary));
  auto resolved = resolver.resolve("$<secret:x> $<secret:nope> $<secret:x>");
  REQUIRE_FALSE(resolved);
  REQUIRE(resolved.error().causes().size() == 1);
  CHECK(resolved.error().causes().at(0).message().starts_with("$<secret:nope>: "));
  CHECK(all_of(resolved.error()).find(canary) == std::string::npos);
}

TEST_CASE("45: no error holds a value or a default, whatever is wrong with it") {
  const std::string value = std::string(canary) + "\xFF\n'\"{";
  const auto resolver =
      *Resolver::create(store_with("x", value), {.environment = {{{"E", std::string(canary) + " "}}}});
  for (const std::string_view text : {"$<secret:x?type=int>",
                                      "$<secret:x?type=bool>",
                                      "$<secret:x?type=json>",
                                      "$<secret:x?decode=base64>",
                                      "$<secret:x?decode=hex>",
                                      "$<secret:x?enc=json>",
                                      "$<secret:x#user>",
                                      "$<secret:x#/user>",
                                      "$<secret:x?type=int|CANARY-7e2a>",
                                      "$<secret:n|\"CANARY-7e2a>",
                                      "$<secret:n|CANARY-7e2a",
                                      "$<secret:n|'CANARY-7e2a'x>",
                                      "$<secret:n|CANARY-7e2a$<secret:x>>",
                                      "$<secret:$<env:E>>",
                                      "$<secret:n?optional|CANARY-7e2a>",
                                      "$<secret:n/$<env:E|CANARY-7e2a>",
                                      "$<secret:n/$<env:E|CANARY-7e2a>>",
                                      "$<secret:n?default=CANARY-7e2a>",
                                      "$<secret:n?trim=nl&Default=CANARY-7e2a|x>",
                                      "$<secret:n?fallback=CANARY-7e2a>",
                                      "$<secret:n?default=CANARY-7e2a"}) {
    CAPTURE(text);
    auto resolved = resolver.resolve(text);
    REQUIRE_FALSE(resolved);
    CHECK(all_of(resolved.error()).find("CANARY") == std::string::npos);
  }
  for (const auto& format : {resolver::json(), resolver::dotenv()}) {
    auto resolved =
        resolver.resolve_document(format->name() == "json" ? R"(["$<secret:x>"])" : "A=$<secret:x>", *format);
    REQUIRE_FALSE(resolved);
    CHECK(all_of(resolved.error()).find("CANARY") == std::string::npos);
  }
}
