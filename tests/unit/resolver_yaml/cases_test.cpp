#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/yaml.hpp>

#include "unit/resolver/case_run.hpp"

TEST_CASE("the cases of YAML documents") {
  CHECK(locket_test::run_cases(RESOLVER_CASES, {{"yaml", locket::resolver::yaml()}}) >= 14);
}
