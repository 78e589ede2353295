#include "cli/variable.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace {

using namespace locket::cli;

const Variable* find(const std::vector<Variable>& variables, std::string_view name) {
  const Variable* found = nullptr;
  for (const Variable& each : variables) {
    if (each.name != name) continue;
    REQUIRE(found == nullptr);  // each once
    found = &each;
  }
  return found;
}

TEST_CASE("an assignment is over a file's, and that over the environment's own") {
  ::setenv("LOCKET_TEST_A", "own", 1);
  ::setenv("LOCKET_TEST_B", "own", 1);
  ::setenv("LOCKET_TEST_C", "own", 1);
  std::ofstream("variable_test.env") << "# one\nLOCKET_TEST_B=file\nLOCKET_TEST_C=file\n";
  const auto variables = gather_variables({"variable_test.env"}, {"LOCKET_TEST_C=a=b", "LOCKET_TEST_D="});
  std::filesystem::remove("variable_test.env");
  REQUIRE(variables);
  CHECK(find(*variables, "LOCKET_TEST_A")->value.expose() == "own");
  CHECK(find(*variables, "LOCKET_TEST_B")->value.expose() == "file");
  CHECK(find(*variables, "LOCKET_TEST_B")->place.to_string() == "variable_test.env:2: LOCKET_TEST_B");
  CHECK(find(*variables, "LOCKET_TEST_C")->value.expose() == "a=b");
  CHECK(find(*variables, "LOCKET_TEST_C")->place.to_string() == "LOCKET_TEST_C");
  CHECK(find(*variables, "LOCKET_TEST_D")->value.empty());
}

TEST_CASE("an assignment without a name or a value is refused, and not quoted") {
  const auto* text = GENERATE("hunter2", "=hunter2", "");
  const auto variables = gather_variables({}, {text});
  REQUIRE(!variables);
  CHECK(variables.error().code() == locket::ErrorCode::InvalidArgument);
  CHECK(variables.error().to_string().find("hunter2") == std::string::npos);
}

TEST_CASE("a block is what execve takes") {
  std::vector<Variable> variables;
  for (int i = 0; i < 1000; ++i) {
    variables.push_back({.name = "V" + std::to_string(i), .value = locket::SecretValue(std::to_string(i * i))});
  }
  const EnvironmentBlock block(variables);
  for (std::size_t i = 0; i < 1000; ++i) {
    CHECK(std::string_view(block.data()[i]) == "V" + std::to_string(i) + "=" + std::to_string(i * i));
  }
  CHECK(block.data()[1000] == nullptr);
}

}  // namespace
