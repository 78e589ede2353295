#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/toml.hpp>

#include "unit/resolver/case_run.hpp"

TEST_CASE("the cases of TOML documents") {
  CHECK(locket_test::run_cases(RESOLVER_CASES, {{"toml", locket::resolver::toml()}}) >= 6);
}
