#include <locket/secret_value.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/arena.hpp"

using locket::SecretValue;

static_assert(!std::is_copy_constructible_v<SecretValue> && !std::is_copy_assignable_v<SecretValue>);
static_assert(std::is_nothrow_move_constructible_v<SecretValue> && std::is_nothrow_move_assignable_v<SecretValue>);
static_assert(!std::is_convertible_v<SecretValue, std::string_view> &&
              !std::is_constructible_v<std::string, SecretValue>);
static_assert(!std::is_convertible_v<std::string_view, SecretValue>);

namespace {

std::string bytes_of(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 % 256);
  return bytes;
}

bool all_zero(const char* bytes, std::size_t size) {
  return std::all_of(bytes, bytes + size, [](char byte) { return byte == 0; });
}

}  // namespace

TEST_CASE("a value holds every byte of every length, and a NUL behind them") {
  std::vector<std::size_t> sizes = {0, 32'767, 32'768, 65'536, 249'999, 262'144, 1'000'000};
  for (std::size_t size = 1; size < 1'100; ++size) sizes.push_back(size);
  for (std::size_t size : sizes) {
    std::string bytes = bytes_of(size);
    SecretValue value(bytes);
    REQUIRE(value.expose() == bytes);
    REQUIRE(value.size() == size);
    REQUIRE(value.empty() == (size == 0));
    REQUIRE(value.expose().data()[size] == '\0');
    REQUIRE(SecretValue::take(std::move(bytes)).expose() == value.expose());
  }
}

TEST_CASE("an empty value takes no memory") {
  auto before = locket::arena::statistics();
  SecretValue none;
  SecretValue empty("");
  CHECK(none == empty);
  CHECK(none.expose().data() != nullptr);
  CHECK(locket::arena::statistics().in_use == before.in_use);
}

TEST_CASE("take wipes its source, short or long") {
  for (std::size_t size : {8U, 300U}) {
    std::string source(size, 's');
    const char* bytes = source.data();
    SecretValue value = SecretValue::take(std::move(source));
    CHECK(value.expose() == std::string(size, 's'));
    CHECK(source.empty());             // NOLINT(bugprone-use-after-move): what take promises
    source.resize(source.capacity());  // the same bytes again; fills with NUL behind the size only
    CHECK(source.data() == bytes);
    CHECK(all_zero(bytes, size));
  }
}

TEST_CASE("moving leaves the source empty and copies nothing") {
  SecretValue first("first");
  const char* bytes = first.expose().data();
  SecretValue second(std::move(first));
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): what the class promises
  CHECK(first.expose().data() != bytes);
  CHECK(second.expose().data() == bytes);
  SecretValue third("third");
  third = std::move(second);
  CHECK(third.expose() == "first");
  CHECK(second.empty());  // NOLINT(bugprone-use-after-move)
  SecretValue& same = third;
  third = std::move(same);
  CHECK(third.expose() == "first");
}

TEST_CASE("destroying, assigning to and clearing a value wipe it") {
  SecretValue neighbour(bytes_of(40));  // keeps the slab mapped
  auto wiped = [](auto&& act) {
    SecretValue value(bytes_of(40));
    const char* bytes = value.expose().data();
    act(std::move(value));
    return all_zero(bytes, 41);
  };
  CHECK(wiped([](SecretValue value) { CHECK(value.size() == 40); }));
  CHECK(wiped([](SecretValue&& value) { value = SecretValue(); }));
  CHECK(wiped([](SecretValue&& value) { value = SecretValue("short"); }));
  CHECK(wiped([](SecretValue&& value) {
    value.clear();
    CHECK(value.empty());
  }));
  CHECK(neighbour.expose() == bytes_of(40));
}

TEST_CASE("a clone is equal and independent") {
  SecretValue value(bytes_of(100));
  SecretValue copy = value.clone();
  CHECK(copy == value);
  CHECK(copy.expose().data() != value.expose().data());
  value.clear();
  CHECK(copy.expose() == bytes_of(100));
  CHECK(SecretValue().clone().empty());
}

TEST_CASE("values are equal when every byte is") {
  std::string bytes = bytes_of(77);
  SecretValue value(bytes);
  CHECK(value == SecretValue(bytes));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string other = bytes;
    other[i] = static_cast<char>(other[i] ^ 0x80);
    REQUIRE(value != SecretValue(other));
  }
  CHECK(value != SecretValue(bytes + '\0'));
  CHECK(value != SecretValue(bytes.substr(1)));
  CHECK(value != SecretValue());
}

TEST_CASE("a stream shows stars, whatever the value") {
  std::ostringstream out;
  out << SecretValue("hunter2") << ' ' << SecretValue();
  CHECK(out.str() == "*** ***");
}
