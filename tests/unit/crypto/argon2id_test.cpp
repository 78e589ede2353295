#include "crypto/argon2id.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/argon2id_engine.hpp"
#include "vectors.hpp"

using namespace locket::crypto;
using locket::ErrorCode;
using vectors::array_from_hex;
using vectors::Buffer;
using vectors::to_hex;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // g++'s way to say it, then clang's
#define LOCKET_SANITIZED true
#elif defined(__has_feature)
#define LOCKET_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define LOCKET_SANITIZED false
#endif

namespace {

constexpr bool sanitized = LOCKET_SANITIZED;
constexpr std::string_view passphrase = "correct horse battery staple";

std::array<std::byte, 16> salt() {
  return array_from_hex<16>("000102030405060708090a0b0c0d0e0f");
}

}  // namespace

TEST_CASE("Argon2id gives what RFC 9106 says") {
  for (const auto& record : vectors::read(vectors::committed("argon2id.txt"))) {
    const Buffer password = record.bytes("Password");
    const Buffer its_salt = record.bytes("Salt");
    const Buffer secret = record.bytes("Secret");
    const Buffer context = record.bytes("Context");
    Buffer out(record.bytes("Output").size());
    REQUIRE(argon2id_fill({.password = password,
                           .salt = its_salt,
                           .secret = secret,
                           .context = context,
                           .params = {.memory_kib = record.number("Memory"),
                                      .passes = record.number("Passes"),
                                      .lanes = record.number("Lanes")}},
                          out));
    CHECK(to_hex(out) == record.text("Output"));
  }
}

// Both computed with OpenSSL 4.0's Argon2id, and with argon2-cffi.
TEST_CASE("a passphrase gives the key that other implementations make of it") {
  const auto key = argon2id(passphrase, salt(), {});
  REQUIRE(key);
  CHECK(to_hex(key->bytes()) == "853b272a44db1421c02962669a55eb0994f3cab385ed1c4c79253eee19bab49e");
  const auto small = argon2id(passphrase, salt(), small_argon2_params);
  REQUIRE(small);
  CHECK(to_hex(small->bytes()) == "818259b6310026a8e0dbac5d2e6927abcfdb07b32258fac4f61b18b80f929085");
}

TEST_CASE("a passphrase is its exact bytes, and not none") {
  constexpr Argon2Params quick{.memory_kib = 64, .passes = 1, .lanes = 1};
  const auto key = argon2id("pass", salt(), quick);
  REQUIRE(key);
  CHECK_FALSE(*argon2id("pass ", salt(), quick) == *key);
  CHECK_FALSE(*argon2id(std::string_view("pass\0", 5), salt(), quick) == *key);
  const auto none = argon2id("", salt(), quick);
  REQUIRE_FALSE(none);
  CHECK(none.error().code() == ErrorCode::InvalidArgument);
  CHECK(none.error().reason() == "local.empty_passphrase");
}

TEST_CASE("parameters at the limits are accepted, and beyond them refused") {
  const auto refused = [](const Argon2Params& params, const Argon2Limits& limits = {}) {
    const auto checked = check(params, limits);
    if (checked) return false;
    CHECK(checked.error().code() == ErrorCode::LimitExceeded);
    CHECK(checked.error().reason() == "local.kdf_limits");
    return true;
  };
  constexpr std::uint32_t huge = std::numeric_limits<std::uint32_t>::max();
  CHECK(check({}));
  CHECK(check(small_argon2_params));
  CHECK(check({.memory_kib = 19456, .passes = 1, .lanes = 1}));
  CHECK(check({.memory_kib = 262144, .passes = 4, .lanes = 16}));
  CHECK(check({.memory_kib = 131072, .passes = 8, .lanes = 16}));
  CHECK(refused({.memory_kib = 19455}));
  CHECK(refused({.memory_kib = 0}));
  CHECK(refused({.memory_kib = 262145, .passes = 1}));
  CHECK(refused({.memory_kib = huge, .passes = huge, .lanes = huge}));
  CHECK(refused({.passes = 0}));
  CHECK(refused({.memory_kib = 19456, .passes = 9}));
  CHECK(refused({.memory_kib = 262144, .passes = 5}));
  CHECK(refused({.memory_kib = 131073, .passes = 8}));
  CHECK(refused({.memory_kib = 1U << 31, .passes = 2, .lanes = 1}, {.max_memory_kib = huge}));  // 2^32, which is not 0
  CHECK(refused({.lanes = 0}));
  CHECK(refused({.lanes = 17}));
}

TEST_CASE("limits can be raised, but not beyond what Argon2 can do") {
  constexpr Argon2Limits raised{.min_memory_kib = 8,
                                .max_memory_kib = std::numeric_limits<std::uint32_t>::max(),
                                .max_passes = 100,
                                .max_work_kib = std::numeric_limits<std::uint64_t>::max(),
                                .max_lanes = 1000};
  CHECK(check({.memory_kib = 1048576, .passes = 100, .lanes = 1000}, raised));
  CHECK(check({.memory_kib = std::numeric_limits<std::uint32_t>::max(), .passes = 100, .lanes = 1}, raised));
  CHECK(check({.memory_kib = 800, .passes = 1, .lanes = 100}, raised));
  CHECK_FALSE(check({.memory_kib = 799, .passes = 1, .lanes = 100}, raised));
  CHECK_FALSE(check({.memory_kib = 1048576, .passes = 101, .lanes = 1}, raised));
}

TEST_CASE("without memory for Argon2id there is a typed error") {
  if (sanitized) SKIP("because the sanitizers need more address space than this test leaves");
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{.rlim_cur = 256UL << 20, .rlim_max = 256UL << 20};
    if (::setrlimit(RLIMIT_AS, &limit) != 0) ::_exit(1);
    const auto key = argon2id(passphrase, salt(), {.memory_kib = 1048576, .passes = 1, .lanes = 1});
    if (key) ::_exit(2);
    ::_exit(key.error().reason() == "crypto.argon2_memory" ? 0 : 3);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
