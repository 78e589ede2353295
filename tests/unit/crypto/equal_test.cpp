#include "crypto/equal.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace locket::crypto;

TEST_CASE("bytes are equal when all of them are") {
  CHECK(constant_time_equal(bytes_of("abc"), bytes_of("abc")));
  CHECK_FALSE(constant_time_equal(bytes_of("abc"), bytes_of("abd")));
  CHECK_FALSE(constant_time_equal(bytes_of("abc"), bytes_of("bbc")));
  CHECK_FALSE(constant_time_equal(bytes_of("abc"), bytes_of("ab")));
  CHECK_FALSE(constant_time_equal({}, bytes_of("a")));
  CHECK(constant_time_equal({}, {}));
}
