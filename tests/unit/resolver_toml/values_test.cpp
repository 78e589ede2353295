#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/toml.hpp>

#include "unit/resolver_yaml/rewriting.hpp"

using namespace locket::resolver;           // NOLINT(google-build-using-namespace)
using namespace locket::resolver::testing;  // NOLINT(google-build-using-namespace)

using Lines = std::vector<std::string>;

TEST_CASE("toml tells what is empty") {
  CHECK(values(toml(), "a = []\nb = {}\nc = [[], {x = 1}]\n[t]\n[[l]]\n[[l]]\ny = 2\n") ==
        Lines{"a=[]", "b={}", "c[0]=[]", "c[1].x=1", "t={}", "l[0]={}", "l[1].y=2"});
  CHECK(values(toml(), "") == Lines{"={}"});
  CHECK(values(toml(), "a = ") == Lines{"!toml.syntax"});
}
