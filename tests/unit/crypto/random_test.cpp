#include "crypto/random.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <openssl/crypto.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vectors.hpp"

using namespace locket::crypto;

namespace {

using Block = std::array<std::byte, 32>;

// Runs `body` in a forked child, and returns what it wrote: a char for the outcome, then a Block.
template <class Body>
std::string in_child(Body body) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    Block block{};
    const char outcome = body(block);
    const bool written = ::write(ends[1], &outcome, 1) == 1 && ::write(ends[1], block.data(), block.size()) == 32;
    ::_exit(written ? 0 : 1);
  }
  REQUIRE(child > 0);
  ::close(ends[1]);
  std::string got;
  char c = 0;
  while (::read(ends[0], &c, 1) == 1) got += c;
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  return got;
}

// Leaves nothing of OpenSSL's secure heap, which its generators seed from.
void exhaust_secure_heap() {
  for (std::size_t size = 4096; size >= 16; size /= 2) {
    while (OPENSSL_secure_malloc(size) != nullptr) {
    }
  }
}

}  // namespace

TEST_CASE("random bytes fill all of the room and differ each time") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    Block block{};
    REQUIRE(random_bytes(block));
    CHECK(seen.insert(vectors::to_hex(block)).second);
  }
  vectors::Buffer large(1 << 20);
  REQUIRE(OpensslRandom().fill(large));
  CHECK(std::ranges::count(large, std::byte{0}) < 8192);  // 4096 expected, standard deviation 64
  CHECK(random_bytes({}));
}

TEST_CASE("a forked child draws other bytes than its parent and its siblings") {
  Block before{};
  REQUIRE(random_bytes(before));
  const auto draw = [](Block& block) { return random_bytes(block) ? 'y' : 'n'; };
  std::set<std::string> seen;
  for (int i = 0; i < 4; ++i) {
    const std::string child = in_child(draw);
    REQUIRE(child.size() == 33);
    CHECK(child[0] == 'y');
    CHECK(seen.insert(child.substr(1)).second);
  }
  Block after{};
  REQUIRE(random_bytes(after));
  CHECK(seen.insert(std::string(reinterpret_cast<const char*>(after.data()), after.size())).second);
}

// What was found on Debian 12: with the secure heap full, RAND_bytes returns 0 and encryption goes on.
TEST_CASE("when OpenSSL cannot seed, there is an error and no bytes") {
  const std::string child = in_child([](Block& block) {
    if (CRYPTO_secure_malloc_init(65536, 16) != 1) return 'i';
    exhaust_secure_heap();
    block.fill(std::byte{0xAA});
    const auto filled = random_bytes(block);
    if (filled) return 'y';
    const locket::Error& error = filled.error();
    return error.code() == locket::ErrorCode::Internal && error.reason() == "random.failed" ? 'n' : 'e';
  });
  REQUIRE(child.size() == 33);
  CHECK(child[0] == 'n');
  CHECK(child.substr(1) == std::string(32, '\0'));
}
