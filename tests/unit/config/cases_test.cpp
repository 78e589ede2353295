#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/config/store_config.hpp>

#include "unit/config/schemes.hpp"

using namespace locket;

namespace {

// One case of cases.txt, which says how they are written.
struct Case {
  std::size_t line = 0;
  std::string title = {};
  config::LoadOptions options = {.variables = config::Variables()};
  bool without_registry = false;
  config::Format format = config::Format::Toml;
  std::string input = {};
  std::string expected = {};
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

void set(Case& made, const std::string& line) {
  const std::size_t space = line.find(' ');
  const std::string word = line.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
  const std::size_t equals = rest.find('=');
  if (word == "environment") made.options.environment = rest;
  if (word == "env") (*made.options.variables)[rest.substr(0, equals)] = rest.substr(equals + 1);
  if (word == "known-schemes") made.options.schemes_must_be_known = true;
  if (word == "no-registry") made.without_registry = true;
}

std::vector<Case> read_cases() {
  std::ifstream file(CONFIG_CASES);
  std::vector<Case> cases;
  std::string* block = nullptr;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with("== ")) {
      cases.push_back({.line = number, .title = line.substr(3)});
      block = nullptr;
    } else if (cases.empty() || line.starts_with("# ----")) {
      continue;
    } else if (line.starts_with("<< ")) {
      cases.back().format = line == "<< json" ? config::Format::Json : config::Format::Toml;
      block = &cases.back().input;
    } else if (line == ">>") {
      block = &cases.back().expected;
    } else if (block == nullptr) {
      set(cases.back(), line);
    } else if (block == &cases.back().input || !line.empty()) {
      *block += line + '\n';
    }
  }
  for (Case& each : cases) {
    each.input = replaced(replaced(each.input, "␀", std::string(1, '\0')), "‹BOM›", "\xEF\xBB\xBF");
    each.input = replaced(replaced(each.input, "‹FF›", "\xFF"), "␍", "\r");
    each.input = each.input.substr(0, each.input.find("‹end›"));
  }
  return cases;
}

std::string told(const Error& cause) {
  std::string text = cause.place() ? cause.place()->to_string() : "nowhere";
  text += ": " + cause.reason().substr(cause.reason().find('.') + 1) + ": " + cause.message();
  return cause.hint().empty() ? text + '\n' : text + " | " + cause.hint() + '\n';
}

std::string outcome(const Case& each) {
  const Registry registry = locket_test::schemes();
  config::LoadOptions options = each.options;
  if (!each.without_registry) options.registry = &registry;
  const auto loaded = config::StoreConfig::parse(each.input, each.format, "f", options);
  std::string text;
  if (!loaded) {
    for (const Error& cause : loaded.error().causes()) text += told(cause);
    return text;
  }
  if (!loaded->environment().empty()) text += "environment " + loaded->environment() + '\n';
  if (loaded->default_alias()) text += "default " + *loaded->default_alias() + '\n';
  for (const auto& [alias, store] : loaded->stores()) {
    text += store.place.to_string() + ' ' + alias + ' ' + store.url + '\n';
  }
  return text.empty() ? "nothing\n" : text;
}

}  // namespace

TEST_CASE("configuration files, case by case") {
  const std::vector<Case> cases = read_cases();
  CHECK(cases.size() >= 50);
  for (const Case& each : cases) {
    INFO("cases.txt:" << each.line << ": " << each.title);
    CHECK(outcome(each) == each.expected);
  }
}

TEST_CASE("what is wrong with a file comes as one error with causes") {
  const auto loaded = config::StoreConfig::parse("a = 1\nb = 2\n", config::Format::Toml, "some/file.toml");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code() == ErrorCode::InvalidArgument);
  CHECK(loaded.error().reason() == "config.invalid");
  CHECK(loaded.error().to_string() ==
        "some/file.toml: the configuration file has 2 errors\n"
        "some/file.toml:1:1: a: there is no key 'a' here; hint: known are: default, environment, environments, stores\n"
        "some/file.toml:2:1: b: there is no key 'b' here; hint: known are: default, environment, environments, stores");
}
