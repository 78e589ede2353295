#include "cli/when.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace {

using namespace locket::cli;
using namespace std::chrono_literals;
using Wall = locket::Clock::Wall;

constexpr Wall now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 10h;

std::string read(std::string_view text) {
  const auto when = parse_when(text, now);
  return when ? format_time(*when) : "refused";
}

TEST_CASE("a day, a moment and a duration are times") {
  CHECK(read("2026-12-31") == "2026-12-31T00:00:00Z");
  CHECK(read("2026-12-31T08:09:10Z") == "2026-12-31T08:09:10Z");
  CHECK(read("2026-12-31t08:09:10z") == "2026-12-31T08:09:10Z");
  CHECK(read("2026-12-31T23:30:00-01:00") == "2027-01-01T00:30:00Z");
  CHECK(read("2026-12-31T08:00:00+05:30") == "2026-12-31T02:30:00Z");
  CHECK(read("2026-12-31T08:00:00.999Z") == "2026-12-31T08:00:00Z");
  CHECK(read("2024-02-29") == "2024-02-29T00:00:00Z");
  CHECK(read("90d") == "2027-02-20T10:00:00Z");
  CHECK(read("1s") == "2026-11-22T10:00:01Z");
  CHECK(read("2w") == "2026-12-06T10:00:00Z");
}

TEST_CASE("what is only nearly a time is refused") {
  const auto* text =
      GENERATE("", "tomorrow", "2026-13-01", "2026-00-01", "2026-02-29", "2026-2-3", "26-12-31", "1969-12-31",
               "2262-01-01", "2026-12-31 ", " 2026-12-31", "2026-12-31T", "2026-12-31T08:00:00", "2026-12-31 08:00:00Z",
               "2026-12-31T24:00:00Z", "2026-12-31T08:60:00Z", "2026-12-31T08:00:60Z", "2026-12-31T08:00:00.Z",
               "2026-12-31T08:00:00+24:00", "2026-12-31T08:00:00Zx", "0d", "-1d", "1.5d", "1", "d", "1y",
               "99999999999d", "36526d", "1d1h", "+1d", "１d");
  INFO(text);
  CHECK(read(text) == "refused");
}

TEST_CASE("durations are written in the largest unit that holds them whole") {
  CHECK(format_duration(90 * 24h) == "90d");
  CHECK(format_duration(14 * 24h) == "14d");
  CHECK(format_duration(36h) == "36h");
  CHECK(format_duration(90s) == "90s");
  CHECK(format_duration(120s) == "2m");
}

}  // namespace
