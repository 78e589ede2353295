// The connection ends behind each byte of an answer, of the TLS handshake before it too: what a call says then is what
// the server did.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "over_bad_way.hpp"

namespace {

using namespace locket;
using locket_test::OverBadWay;
using locket_test::versions_of;

const std::string whole = std::string(300, 'v') + "the end";

SecretData value(int number) {
  return SecretData::bytes(fmt::format("{}: {}", number, whole));
}
std::string text(const Result<Secret>& secret) {
  return secret ? std::string(secret->value().expose()) : secret.error().to_string();
}

void check_lost(const Error& error) {
  CHECK(error.code() == ErrorCode::Network);
  CHECK(error.retryable());
  CHECK(error.to_string().find("vvv") == std::string::npos);
}

// So many bytes apart; LOCKET_FAULT_STEP=1 for every byte where a test leaves some out.
int step(int usual) {
  const char* set = std::getenv("LOCKET_FAULT_STEP");
  return set != nullptr ? std::stoi(set) : usual;
}

/// Cuts connections `apart` bytes later each time, until `call` says that it succeeded, and at least behind the
/// handshake.
void cut_further(locket_test::BadWay& way, int apart, const std::function<bool(int)>& call) {
  constexpr int most = 20'000;
  int bytes = 0;
  way.close_after(0);
  while (!call(bytes) && bytes < most) {
    bytes += apart;
    way.close_after(bytes);
  }
  way.make_good();
  INFO("the last byte was the " << bytes << "th");
  CHECK(bytes > 400);
  CHECK(bytes < most);
}

/// What writes of numbered values said. A server may carry a request out long after its sender gave up, so that what it
/// did is looked at when all is over.
class Writes {
 public:
  explicit Writes(SecretStore& direct) : direct_(direct) {}

  void said(int number, const Result<Version>& version) {
    const Effect effect = version ? Effect::Applied : version.error().effect();
    said_[number] = effect;
    if (effect == Effect::Applied) versions_[number] = version->text();
  }
  int count(Effect effect) const {
    return static_cast<int>(std::count_if(said_.begin(), said_.end(), [&](auto& one) { return one.second == effect; }));
  }
  /// That the versions are those of the writes, none twice, all that were acknowledged, and none that were not done.
  void check(std::string_view name) const {
    std::map<int, int> times;
    for (std::uint64_t number = 1; number <= versions_of(direct_, name); ++number) {
      const auto secret = direct_.get(name, {.which = Version(std::to_string(number))});
      const int written = std::stoi(text(secret));
      ++times[written];
      CHECK(text(secret) == fmt::format("{}: {}", written, whole));
      const auto acknowledged = versions_.find(written);
      if (acknowledged != versions_.end()) CHECK(acknowledged->second == std::to_string(number));
    }
    for (const auto& [number, effect] : said_) {
      INFO("write " << number);
      CHECK(times[number] <= 1);
      if (effect == Effect::None) CHECK(times[number] == 0);
      if (effect == Effect::Applied) CHECK(times[number] == 1);
    }
    CHECK(times.size() == said_.size());
  }

 private:
  SecretStore& direct_;
  std::map<int, Effect> said_;
  std::map<int, std::string> versions_;
};

}  // namespace

TEST_CASE_METHOD(OverBadWay, "A read that ends behind any byte is a network error, and never a part", "[faults]") {
  REQUIRE(direct->put("offsets/read", value(7)));
  const auto store = open(1);
  REQUIRE(text(store->get("offsets/read")) == text(direct->get("offsets/read")));  // the token is known from now on
  way.shut(true);
  way.shut(false);
  cut_further(way, 1, [&](int) {
    const auto secret = store->get("offsets/read");
    if (secret) {
      CHECK(text(secret) == "7: " + whole);
      return true;
    }
    check_lost(secret.error());
    CHECK(secret.error().effect() == Effect::None);
    return false;
  });
}

TEST_CASE_METHOD(OverBadWay, "A write that ends behind any byte is done once or not at all, and says so", "[faults]") {
  const auto store = open(3);
  conformance::openbao().ask(http::Method::Post, "faults-kv/metadata/offsets/put", R"({"max_versions":5000})");
  Writes writes(*direct);
  cut_further(way, step(2), [&](int bytes) {
    const auto version = store->put("offsets/put", value(bytes));
    writes.said(bytes, version);
    if (!version) check_lost(version.error());
    return version.ok();
  });
  CHECK(writes.count(Effect::None) > 0);
  CHECK(writes.count(Effect::Unknown) > 0);
  writes.check("offsets/put");
}

TEST_CASE_METHOD(OverBadWay, "A conditional write whose answer was lost can be repeated", "[faults]") {
  const auto store = open(3);
  bool creates = false;
  SECTION("on the version that was current") {
    REQUIRE(direct->put("offsets/cas", value(0)));
  }
  SECTION("as the first") {
    creates = true;
  }
  int conflicts = 0;
  cut_further(way, step(23), [&](int bytes) {
    const std::string name = creates ? fmt::format("offsets/new-{}", bytes) : "offsets/cas";
    const std::uint64_t before = versions_of(*direct, name);
    const Condition condition = creates ? Condition(MustNotExist()) : Condition(Version(std::to_string(before)));
    const auto version = store->put(name, value(bytes), {.condition = condition});
    if (!version) {
      check_lost(version.error());
      const auto again = direct->put(name, value(bytes), {.condition = condition});
      if (version.error().effect() == Effect::None) CHECK(again);
      if (!again) CHECK(again.error().code() == ErrorCode::Conflict);
      conflicts += again ? 0 : 1;
    }
    CHECK(versions_of(*direct, name) == before + 1);
    CHECK(text(direct->get(name)) == fmt::format("{}: {}", bytes, whole));
    return version.ok();
  });
  CHECK(conflicts > 0);
}

TEST_CASE_METHOD(OverBadWay, "A write with metadata tells which of the two the server has", "[faults]") {
  const auto store = open(1);
  REQUIRE(direct->put("offsets/both", value(0)));
  cut_further(way, step(41), [&](int bytes) {
    const std::uint64_t before = versions_of(*direct, "offsets/both");
    const std::string description = fmt::format("number {}", bytes);
    const auto version =
        store->put("offsets/both", value(bytes), {.metadata = MetadataPatch{.description = description}});
    const std::uint64_t after = versions_of(*direct, "offsets/both");
    CHECK(after - before <= 1);
    const auto info = direct->stat("offsets/both").value();
    const bool described = info.metadata->description == description;
    if (version) {
      CHECK(described);
      CHECK(after == before + 1);
      return true;
    }
    check_lost(version.error());
    if (version.error().effect() == Effect::None) CHECK(after == before);
    if (version.error().effect() == Effect::Applied) CHECK(after == before + 1);
    if (described) CHECK(version.error().effect() == Effect::Applied);
    return false;
  });
}

TEST_CASE_METHOD(OverBadWay, "A removal that ends behind any byte tells whether it may have happened", "[faults]") {
  const auto store = open(2);
  REQUIRE(direct->put("offsets/removed", value(0)));
  cut_further(way, step(29), [&](int) {
    const auto removed = store->remove("offsets/removed");
    const bool is_gone = !direct->get("offsets/removed").ok();
    if (removed) {
      CHECK(is_gone);
      return true;
    }
    check_lost(removed.error());
    if (removed.error().effect() == Effect::None) CHECK_FALSE(is_gone);
    REQUIRE(direct->undelete("offsets/removed"));
    return false;
  });
}
