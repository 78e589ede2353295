#include "kv_time.hpp"

#include <chrono>
#include <string>

#include <catch2/catch_test_macros.hpp>

using namespace locket;
using namespace std::chrono_literals;
using vault::format_moment;
using vault::parse_moment;

namespace {

Clock::Wall at(std::int64_t seconds, std::chrono::nanoseconds fraction = 0ns) {
  return Clock::Wall(std::chrono::seconds(seconds)) + std::chrono::duration_cast<Clock::Wall::duration>(fraction);
}

}  // namespace

TEST_CASE("Moments are read as Vault and people write them") {
  CHECK(parse_moment("1970-01-01T00:00:00Z") == at(0));
  CHECK(parse_moment("2026-11-22T14:00:04Z") == at(1795356004));
  CHECK(parse_moment("2026-11-22T14:00:04.123456789Z") == at(1795356004, 123456789ns));
  CHECK(parse_moment("2026-11-22t14:00:04.5z") == at(1795356004, 500ms));
  CHECK(parse_moment("2026-11-22T14:00:04.1234567899999Z") == at(1795356004, 123456789ns));
  CHECK(parse_moment("2026-11-22T15:30:04+01:30") == at(1795356004));
  CHECK(parse_moment("2026-11-22T12:00:04-02:00") == at(1795356004));
  CHECK(parse_moment("2024-02-29") == at(1709164800));
  CHECK(parse_moment("1969-12-31T23:59:59Z") == at(-1));
  CHECK(parse_moment("9999-12-31T23:59:59Z") == Clock::Wall::max());
  CHECK(parse_moment("0001-01-01T00:00:00Z") == Clock::Wall::min());
}

TEST_CASE("What is no moment is none") {
  for (const auto text : {"", "tomorrow", "2026", "2026-13-01", "2026-02-29", "2026-11-22T", "2026-11-22T14:00",
                          "2026-11-22T14:00:04", "2026-11-22T24:00:00Z", "2026-11-22T14:60:00Z", "2026-11-22T14:00:60Z",
                          "2026-11-22T14:00:04.Z", "2026-11-22T14:00:04+1:00", "2026-11-22T14:00:04Zx", " 2026-11-22",
                          "2026-11-22 14:00:04Z", "20261122", "-026-11-22", "2026-1-22"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_moment(text));
  }
}

TEST_CASE("Moments come back as they were written") {
  CHECK(format_moment(at(1795356004)) == "2026-11-22T14:00:04Z");
  CHECK(format_moment(at(1795356004, 500ms)) == "2026-11-22T14:00:04.5Z");
  CHECK(format_moment(at(-1, 1ns)) == "1969-12-31T23:59:59.000000001Z");
  for (const Clock::Wall moment :
       {at(0), at(-1), at(1795356004, 1ns), at(1795356004, 999999999ns), Clock::Wall::max()}) {
    CHECK(parse_moment(format_moment(moment)) == moment);
  }
}

TEST_CASE("Periods have a unit, or are seconds") {
  CHECK(vault::parse_period("7776000s") == 7776000s);
  CHECK(vault::parse_period("90") == 90s);
  CHECK(vault::parse_period("5m") == 300s);
  CHECK(vault::parse_period("2160h") == 7776000s);
  CHECK(vault::parse_period("90d") == 7776000s);
  CHECK(vault::format_period(7776000s) == "7776000s");
  for (const auto text : {"", "s", "0s", "-5s", "5w", "5 s", "1h30m", "9223372036854775807d", "1e3"}) {
    CAPTURE(text);
    CHECK_FALSE(vault::parse_period(text));
  }
}
