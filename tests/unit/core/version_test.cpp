#include <locket/version.hpp>

#include <string>

#include <catch2/catch_test_macros.hpp>

TEST_CASE("the version is written once and the same everywhere") {
  const auto numbers = std::to_string(LOCKET_VERSION_MAJOR) + "." + std::to_string(LOCKET_VERSION_MINOR) + "." +
                       std::to_string(LOCKET_VERSION_PATCH);
  CHECK(numbers == LOCKET_VERSION_STRING);
  CHECK(std::string(locket::version()) == numbers);
  CHECK(std::string(locket::library_version()) == numbers);
}
