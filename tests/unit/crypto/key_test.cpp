#include "crypto/key.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "crypto/random.hpp"
#include "vectors.hpp"

using namespace locket::crypto;
using locket::Error;
using locket::ErrorCode;
using locket::Result;

namespace {

// Counts up; fails at the call that it is told, after half of the bytes.
class ScriptedRandom final : public locket::RandomSource {
 public:
  explicit ScriptedRandom(int failing_call) : failing_call_(failing_call) {}
  Result<void> fill(std::span<std::byte> out) override {
    ++calls_;
    std::ranges::fill(out.first(out.size() / 2), std::byte{0xAA});
    if (calls_ == failing_call_) return Error({.code = ErrorCode::Internal, .reason = "random.failed"});
    std::ranges::fill(out, static_cast<std::byte>(calls_));
    return {};
  }

 private:
  int failing_call_;
  int calls_ = 0;
};

bool all_zeros(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace

TEST_CASE("a key is what the random source gave") {
  ScriptedRandom random(0);
  const auto first = Key::generate(random);
  const auto second = Key::generate(random);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(std::ranges::all_of(first->bytes(), [](std::byte b) { return b == std::byte{1}; }));
  CHECK_FALSE(*first == *second);
}

TEST_CASE("when the random source fails there is no key") {
  for (int call = 1; call <= 3; ++call) {
    ScriptedRandom random(call);
    for (int i = 1; i <= 3; ++i) {
      const auto key = Key::generate(random);
      CHECK(key.ok() == (i != call));
      if (!key) CHECK(key.error().reason() == "random.failed");
    }
  }
}

TEST_CASE("a key is wiped where it was, when it moves and when it goes") {
  OpensslRandom random;
  alignas(Key) std::byte place[sizeof(Key)];
  Key* key = new (place) Key(*Key::generate(random));
  REQUIRE_FALSE(all_zeros(place));
  const Key copy = key->clone();
  CHECK(copy == *key);
  const Key moved = std::move(*key);
  CHECK(moved == copy);
  CHECK(all_zeros(place));
  *key = copy.clone();
  CHECK_FALSE(all_zeros(place));
  std::destroy_at(key);
  CHECK(all_zeros(place));
}

TEST_CASE("a moved Wiped leaves zeros") {
  Wiped<4> first;
  first.bytes()[2] = std::byte{5};
  Wiped<4> second;
  second = std::move(first);
  CHECK(second.bytes()[2] == std::byte{5});
  CHECK(all_zeros(std::as_const(first).bytes()));
}
