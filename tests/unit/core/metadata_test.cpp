#include <locket/metadata.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace locket;
using namespace std::chrono_literals;

TEST_CASE("a patch keeps what it does not name, clears and sets what it names") {
  const Clock::Wall time{1000s};
  const Metadata before{.description = "old",
                        .type = "basic_auth",
                        .tags = {{"team", "core"}, {"old", "1"}},
                        .created = time,
                        .expires = time,
                        .reminder_days = 14};
  const Metadata after = apply(before, {.description = "new",
                                        .type = clear,
                                        .tags = {{"old", clear}, {"env", "prod"}},
                                        .expires = clear,
                                        .rotation_period = 24h});
  CHECK(after == Metadata{.description = "new",
                          .tags = {{"team", "core"}, {"env", "prod"}},
                          .created = time,
                          .rotation_period = 24h,
                          .reminder_days = 14});
  CHECK(apply(before, {}) == before);
}
