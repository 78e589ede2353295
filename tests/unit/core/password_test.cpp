#include <locket/password.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

using namespace locket;

namespace {

// Counts up from 0, so that every byte is as frequent as any other.
class CountingSource final : public RandomSource {
 public:
  Result<void> fill(std::span<std::byte> out) override {
    for (auto& byte : out) byte = static_cast<std::byte>(next_++);
    return {};
  }

 private:
  unsigned next_ = 0;
};

class FailingSource final : public RandomSource {
 public:
  Result<void> fill(std::span<std::byte>) override {
    return Error({.code = ErrorCode::Internal, .reason = "random.failed"});
  }
};

}  // namespace

TEST_CASE("a password has the length and the characters asked for, and no two are alike") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto password = generate_password({.length = 20, .charset = "abcdefghij"});
    REQUIRE(password);
    CHECK(password->size() == 20);
    CHECK(password->expose().find_first_not_of("abcdefghij") == std::string::npos);
    CHECK(seen.emplace(password->expose()).second);
  }
}

TEST_CASE("every character is equally likely") {
  CountingSource source;
  std::array<int, 256> counts{};
  const std::string set = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const auto password = generate_password({.length = 62 * 4 * 10, .charset = set}, source);
  for (char c : password->expose()) ++counts[static_cast<unsigned char>(c)];
  CHECK(std::all_of(set.begin(), set.end(), [&](char c) { return counts[static_cast<unsigned char>(c)] == 40; }));
}

TEST_CASE("a weak specification, or a source that fails, gives no password") {
  CHECK_FALSE(generate_password({.length = 7}));
  CHECK_FALSE(generate_password({.length = 4097}));
  CHECK_FALSE(generate_password({.charset = "abc"}));
  CHECK_FALSE(generate_password({.charset = "aabcdefghijk"}));
  CHECK_FALSE(generate_password({.charset = "abcdefghij "}));
  FailingSource failing;
  CHECK(generate_password({}, failing).error().reason() == "random.failed");
}
