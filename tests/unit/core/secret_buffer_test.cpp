#include <locket/secret_buffer.hpp>

#include <algorithm>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include <locket/secret_value.hpp>

#include "core/arena.hpp"

using locket::SecretBuffer;
using locket::SecretValue;

static_assert(!std::is_copy_constructible_v<SecretBuffer> && std::is_nothrow_move_constructible_v<SecretBuffer>);

namespace {

bool all_zero(const char* bytes, std::size_t size) {
  return std::all_of(bytes, bytes + size, [](char byte) { return byte == 0; });
}

}  // namespace

TEST_CASE("a buffer collects pieces of any size") {
  SecretBuffer buffer;
  std::string expected;
  for (std::size_t i = 0; expected.size() < 900'000; ++i) {
    std::string piece(i * i, static_cast<char>('a' + i % 26));
    buffer.append(piece);
    buffer.push_back('|');
    expected += piece + '|';
    REQUIRE(buffer.size() == expected.size());
  }
  CHECK(buffer.view() == expected);
  SecretValue value = std::move(buffer).finish();
  CHECK(value.expose() == expected);
  CHECK(value.expose().data()[expected.size()] == '\0');
  CHECK(buffer.empty());  // NOLINT(bugprone-use-after-move): what the class promises
}

TEST_CASE("a buffer appends a part of itself") {
  SecretBuffer buffer;
  buffer.append("0123456789");
  std::string expected = "0123456789";
  for (int i = 0; i < 12; ++i) {
    buffer.append(buffer.view().substr(3));
    expected += expected.substr(3);
  }
  CHECK(buffer.view() == expected);
}

TEST_CASE("read(2) writes straight into a buffer") {
  int ends[2] = {};
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "from a pipe", 11) == 11);
  SecretBuffer buffer;
  buffer.append("read ");
  std::span<char> room = buffer.prepare(4'096);
  REQUIRE(room.size() == 4'096);
  auto count = ::read(ends[0], room.data(), room.size());
  buffer.commit(static_cast<std::size_t>(count));
  CHECK(buffer.view() == "read from a pipe");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("growing, truncating and clearing wipe what they leave") {
  SecretBuffer neighbour;  // keeps the slab mapped
  neighbour.append("0123456789");
  SecretBuffer buffer;
  buffer.append("0123456789");
  char* old = buffer.data();
  buffer.truncate(4);
  CHECK(buffer.view() == "0123");
  CHECK(all_zero(old + 4, 6));
  buffer.truncate(9);
  CHECK(buffer.size() == 4);
  buffer.append(std::string(5'000, 'x'));
  REQUIRE(buffer.data() != old);
  CHECK(all_zero(old, 11));

  SecretBuffer second = std::move(neighbour);
  buffer = SecretBuffer();
  buffer.append("0123456789");
  old = buffer.data();
  buffer.clear();
  CHECK((buffer.empty() && buffer.data() == nullptr));
  CHECK(all_zero(old, 11));
  CHECK(second.view() == "0123456789");
}

TEST_CASE("resize grows with zeros, also over leftovers") {
  SecretBuffer buffer;
  std::span<char> room = buffer.prepare(50);
  std::fill(room.begin(), room.end(), 'x');
  buffer.commit(2);
  buffer.resize(40);
  CHECK(buffer.view() == "xx" + std::string(38, '\0'));
  buffer.resize(1);
  CHECK(buffer.view() == "x");
  buffer.resize(0);
  CHECK(buffer.empty());
  CHECK(std::move(buffer).finish().empty());
}

TEST_CASE("finish hands the block over, or moves to a smaller one when most would be wasted") {
  SecretBuffer exact;
  exact.append(std::string(3'000, 'x'));
  const char* block = exact.data();
  CHECK(std::move(exact).finish().expose().data() == block);

  auto before = locket::arena::statistics();
  SecretBuffer wide;
  wide.reserve(1'000'000);
  wide.append("little");
  SecretValue little = std::move(wide).finish();
  CHECK(little.expose() == "little");
  CHECK(locket::arena::statistics().in_use == before.in_use + locket::arena::rounded(7));
}

TEST_CASE("reserve copies once and then never") {
  SecretBuffer buffer;
  buffer.reserve(10'000);
  buffer.append("x");
  const char* block = buffer.data();
  buffer.append(std::string(9'999, 'y'));
  CHECK(buffer.data() == block);
}

TEST_CASE("a buffer that cannot grow throws and keeps its contents") {
  SecretBuffer buffer;
  buffer.append("kept");
  constexpr auto most = std::numeric_limits<std::size_t>::max();
  CHECK_THROWS_AS(buffer.prepare(most), std::bad_alloc);
  CHECK_THROWS_AS(buffer.prepare(most - 4), std::bad_alloc);
  CHECK_THROWS_AS(buffer.reserve(most / 2), std::bad_alloc);
  CHECK_THROWS_AS(buffer.resize(most), std::bad_alloc);
  CHECK(buffer.view() == "kept");
}

TEST_CASE("moving a buffer empties the source") {
  SecretBuffer first;
  first.append("moved");
  SecretBuffer second(std::move(first));
  CHECK((first.empty() && first.data() == nullptr));  // NOLINT(bugprone-use-after-move)
  first.append("usable again");
  second = std::move(first);
  CHECK(second.view() == "usable again");
  SecretBuffer& same = second;
  second = std::move(same);
  CHECK(second.view() == "usable again");
}
