#include <limits>

#include <catch2/catch_test_macros.hpp>

#include "token_life.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr seconds ten_years = std::chrono::hours(24 * 365 * 10);
const Clock::Steady start{std::chrono::hours(1)};

std::optional<seconds> parsed(std::string_view number) {
  SecretBuffer text;
  text.append(number);
  auto json = http::Json::parse(std::move(text));
  REQUIRE(json.ok());
  return lifetime_of(json->root());
}

TEST_CASE("26: a lifetime that nobody can count with is clamped") {
  CHECK(parsed("60") == seconds(60));
  CHECK(parsed("0") == seconds(0));
  CHECK(parsed("-1") == seconds(0));
  CHECK(parsed("9223372036854775807") == ten_years);
  CHECK(parsed("9223372036854775808") == ten_years);
  CHECK(parsed("-9223372036854775809") == seconds(0));
  CHECK(clamped(seconds::max()) == ten_years);
  CHECK(clamped(seconds(-1)) == seconds(0));
}

TEST_CASE("What is no whole number is no lifetime") {
  for (const char* text : {"1.5", "1e3", "\"60\"", "null", "true", "[]"}) {
    INFO(text);
    CHECK_FALSE(parsed(text).has_value());
  }
}

TEST_CASE("A token is renewed after two thirds of its life, and a little at random") {
  const nanoseconds life = seconds(300);
  CHECK(before_renewal(life, 0) >= seconds(209));
  CHECK(before_renewal(life, 0) <= seconds(211));
  CHECK(before_renewal(life, 1) >= seconds(219));
  CHECK(before_renewal(life, 1) <= seconds(221));
  CHECK(before_renewal(life, 7) == before_renewal(life, 1));
  CHECK(before_renewal(ten_years, 1) < ten_years);
}

TEST_CASE("A login without a lifetime, or with none left, gives a token that does not end") {
  for (const auto& lifetime : {std::optional<seconds>(), std::optional(seconds(0))}) {
    const TokenLife life = life_of_login(lifetime, true, start, 0);
    CHECK(life.ends == TokenLife::never);
    CHECK(life.next == TokenLife::never);
  }
}

TEST_CASE("A token that cannot be renewed is logged in for again, before it ends") {
  const TokenLife life = life_of_login(seconds(90), false, start, 0.5);
  CHECK(life.step == Step::LogIn);
  CHECK(life.next > start + seconds(60));
  CHECK(life.next < start + seconds(90));
  CHECK(life.ends == start + seconds(90));
}

TEST_CASE("A renewal that gives less than the login did is the last one") {
  const TokenLife first = life_of_login(seconds(90), true, start, 0);
  const TokenLife second = life_of_renewal(first, seconds(90), true, start + seconds(63), 0);
  CHECK(second.step == Step::Renew);
  CHECK(second.ends == start + seconds(153));
  const TokenLife last = life_of_renewal(second, seconds(30), true, start + seconds(126), 0);
  CHECK(last.step == Step::LogIn);
  CHECK(last.ends == start + seconds(156));
  CHECK(life_of_renewal(second, seconds(90), false, start, 0).step == Step::LogIn);
}

TEST_CASE("26: nothing left after a renewal is less than a second, and not for ever") {
  const TokenLife life = life_of_renewal(life_of_login(seconds(2), true, start, 0), seconds(0), true, start, 0);
  CHECK(life.step == Step::LogIn);
  CHECK(life.next == start);
  CHECK(life.ends == start);
}

TEST_CASE("What failed is tried again a few times until the token ends") {
  CHECK(retry_after_failure(start, start + seconds(40)) == start + seconds(10));
  CHECK(retry_after_failure(start, start + seconds(400)) == start + seconds(30));
  CHECK(retry_after_failure(start, start) > start);
  CHECK(retry_after_failure(start, TokenLife::never) == start + seconds(30));
}

}  // namespace
}  // namespace locket::inline v1::vault
