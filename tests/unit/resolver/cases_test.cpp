#include <catch2/catch_test_macros.hpp>

#include "unit/resolver/case_run.hpp"

using namespace locket_test;

TEST_CASE("the cases of the reference grammar, and of text, JSON and .env files") {
  const Formats formats{
      {"text", locket::resolver::text()}, {"json", locket::resolver::json()}, {"dotenv", locket::resolver::dotenv()}};
  CHECK(run_cases(RESOLVER_CASES, formats) >= 1);
}
