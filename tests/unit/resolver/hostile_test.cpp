// Whatever a secret holds, a program that parses the document gets exactly that, and everything else unchanged.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <locket/backends/memory.hpp>
#include <locket/resolver/resolver.hpp>

#include "dotenv/reader.hpp"
#include "resolver/code_point.hpp"

using namespace locket;

namespace {

const std::vector<std::string>& hostile_values() {
  using namespace std::string_literals;
  static const std::vector<std::string> values{"",
                                               " ",
                                               "\n",
                                               "\r",
                                               "\r\n",
                                               "\t",
                                               "a\nb",
                                               "a\r\nb\r",
                                               " leading",
                                               "trailing ",
                                               "\xC2\xA0nbsp\xC2\xA0",
                                               "'",
                                               "\"",
                                               "`",
                                               "'\"`",
                                               "\\",
                                               "\\\\",
                                               "\\n",
                                               "\\\"",
                                               "\\'",
                                               "a\\",
                                               "#",
                                               " # not a comment",
                                               "a#b",
                                               "$",
                                               "$$",
                                               "$HOME",
                                               "${HOME}",
                                               "$(id)",
                                               "$<secret:v>",
                                               "$$<secret:v>",
                                               "%s%n",
                                               "=",
                                               "a=b",
                                               "export A=1",
                                               "\", \"admin\": true, \"x\": \"",
                                               "'\nADMIN=1\nB='",
                                               "\"\nADMIN=1\nB=\"",
                                               "x\nADMIN=1",
                                               "x' # '",
                                               "null",
                                               "true",
                                               "~",
                                               "0",
                                               "-1",
                                               "1e3",
                                               "{}",
                                               "[1]",
                                               "{\"a\": 1}",
                                               "- a",
                                               "a: b",
                                               "<!-- -->",
                                               "]]>",
                                               "\x01\x02\x1b\x7f",
                                               "\xC2\x85",
                                               "\xE2\x80\xA8\xE2\x80\xA9",
                                               "\xEF\xBB\xBF",
                                               "\xEF\xBF\xBE",
                                               "\xF0\x9F\x98\x80",
                                               "\xF4\x8F\xBF\xBF",
                                               "\0"s,
                                               "a\0b"s,
                                               "\xFF",
                                               "\xC0\x80",
                                               "\xED\xA0\x80",
                                               "\xF4\x90\x80\x80",
                                               "\x80",
                                               "a\xC3",
                                               std::string(100'000, 'x'),
                                               std::string(10'000, '"'),
                                               std::string(10'000, '\\'),
                                               std::string(10'000, '\n')};
  return values;
}

// The same texts on every machine: Numerical Recipes' generator.
class Noise {
 public:
  std::string next() {
    constexpr std::string_view characters = "aA1 \t\n\r'\"`\\#$={}[]:,<>%&|;!@~\x01\x7f";
    const std::vector<std::string> words{"$<secret:v>",      "\\n",  "\\u0041", "\xC3\xA4",
                                         "\xF0\x9F\x98\x80", "${A}", "\r\n",    "\xFF"};
    std::string text;
    for (std::uint32_t i = number() % 12; i > 0; --i) {
      if (number() % 5 == 0) {
        text += words[number() % words.size()];
      } else {
        text += characters[number() % characters.size()];
      }
    }
    return text;
  }

 private:
  std::uint32_t number() {
    state_ = state_ * 1664525U + 1013904223U;
    return state_ >> 12U;
  }
  std::uint32_t state_ = 1;
};

Resolver resolver_with(const std::string& value) {
  auto store = *memory::open();
  REQUIRE(store->put("v", SecretData::bytes(value)));
  return *Resolver::create(store);
}

void check_json(const std::string& value) {
  const Resolver resolver = resolver_with(value);
  const std::string text = R"({"a": "$<secret:v>", "b": ["<$<secret:v>>\n", 1, "keep\u00e9"], "c$<secret:v>": null})";
  auto resolved = resolver.resolve_document(text, *resolver::json());
  if (!resolver::is_utf8(value)) {
    REQUIRE_FALSE(resolved);
    REQUIRE(resolved.error().causes().at(0).reason() == "json.unwritable");
    return;
  }
  REQUIRE(resolved);
  auto expected = nlohmann::json::parse(text);
  expected["a"] = value;
  expected["b"][0] = "<" + value + ">\n";
  REQUIRE(nlohmann::json::parse(resolved->expose()) == expected);
}

// What sh would run, or another reader expand, in the double quotes that the value needs.
bool would_run(const std::string& value) {
  return value.find_first_of("$`") != std::string::npos && value.find_first_of("'\\\r") != std::string::npos;
}

void check_dotenv(const std::string& value) {
  const Resolver resolver = resolver_with(value);
  auto resolved = resolver.resolve_document("X=1\nA=$<secret:v>\nB='<$<secret:v>>' # c\nC=\"$<secret:v>\"\nY=2 # d\n",
                                            *resolver::dotenv());
  if (!resolver::is_utf8(value) || value.find('\0') != std::string::npos || would_run(value)) {
    REQUIRE_FALSE(resolved);
    REQUIRE(resolved.error().causes().at(0).reason() == "dotenv.unwritable");
    return;
  }
  REQUIRE(resolved);
  const auto reading = dotenv::read(resolved->expose());
  REQUIRE(reading.fault_count == 0);
  REQUIRE(reading.assignments.size() == 5);
  REQUIRE(reading.assignments[0].value.expose() == "1");
  REQUIRE(reading.assignments[1].value.expose() == value);
  REQUIRE(reading.assignments[2].value.expose() == "<" + value + ">");
  REQUIRE(reading.assignments[3].value.expose() == value);
  REQUIRE(reading.assignments[4].value.expose() == "2");
}

void check_text(const std::string& value) {
  REQUIRE(resolver_with(value).resolve("<$<secret:v>>\n$<secret:v>")->expose() == "<" + value + ">\n" + value);
}

}  // namespace

TEST_CASE("a hostile value stays within its place") {
  for (const std::string& value : hostile_values()) {
    CAPTURE(value.substr(0, 100), value.size());
    check_json(value);
    check_dotenv(value);
    check_text(value);
  }
}

TEST_CASE("any value stays within its place") {
  Noise noise;
  for (int round = 0; round < 5000; ++round) {
    const std::string value = noise.next();
    CAPTURE(value);
    check_json(value);
    check_dotenv(value);
    check_text(value);
  }
}
