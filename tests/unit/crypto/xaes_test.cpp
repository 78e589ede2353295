#include "crypto/xaes.hpp"

#include <algorithm>
#include <memory>

#include <catch2/catch_test_macros.hpp>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "vectors.hpp"

using namespace locket::crypto;
using locket::ErrorCode;
using vectors::array_from_hex;
using vectors::Buffer;
using vectors::to_hex;

namespace {

Xaes new_xaes(std::span<const std::byte, 32> key) {
  auto xaes = Xaes::create(Key(key));
  REQUIRE(xaes);
  return std::move(xaes).value();
}

// SHAKE-128; what OpenSSL 3.0 gives of it at once is all that there is.
class Shake128 {
 public:
  Shake128() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    REQUIRE(EVP_DigestInit_ex(context_.get(), EVP_shake128(), nullptr) == 1);
  }
  void update(Bytes bytes) { REQUIRE(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1); }
  Buffer finish(std::size_t size) {
    Buffer out(size);
    REQUIRE(EVP_DigestFinalXOF(context_.get(), room_of(out), out.size()) == 1);
    return out;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

// The specification's accumulated test: see the head of the vectors' file.
std::string accumulated(std::size_t iterations) {
  const Buffer stream = Shake128().finish(iterations * 320 + 65536);  // 313 bytes each on average
  std::span<const std::byte> rest = stream;
  auto take = [&](std::size_t size) {
    REQUIRE(rest.size() >= size);
    const auto taken = rest.first(size);
    rest = rest.subspan(size);
    return taken;
  };
  auto take_short = [&] { return take(std::to_integer<std::size_t>(take(1)[0])); };
  Shake128 all;
  for (std::size_t i = 0; i < iterations; ++i) {
    auto xaes = Xaes::create(Key(take(32).first<32>()));
    const auto nonce = take(24).first<24>();
    const auto plaintext = take_short();
    const auto aad = take_short();
    Buffer box(plaintext.size() + Xaes::tag_size);
    Buffer opened(plaintext.size());
    if (!xaes || !xaes->seal(nonce, aad, plaintext, box) || !xaes->open(nonce, aad, box, opened) ||
        !std::ranges::equal(opened, plaintext)) {
      FAIL("iteration " << i);
    }
    all.update(box);
  }
  return to_hex(all.finish(32));
}

void check_accumulated(std::uint32_t iterations) {
  for (const auto& record : vectors::read(vectors::committed("xaes-256-gcm.txt"))) {
    if (!record.has("Iterations") || record.number("Iterations") != iterations) continue;
    CHECK(accumulated(iterations) == record.text("Hash"));
    return;
  }
  FAIL("no such vector");
}

}  // namespace

TEST_CASE("XAES-256-GCM gives what its specification says") {
  int count = 0;
  for (const auto& record : vectors::read(vectors::committed("xaes-256-gcm.txt"))) {
    if (!record.has("Box")) continue;
    Xaes xaes = new_xaes(array_from_hex<32>(record.text("Key")));
    const auto nonce = array_from_hex<24>(record.text("Nonce"));
    const Buffer plaintext = record.bytes("Plaintext");
    Buffer box(plaintext.size() + Xaes::tag_size);
    REQUIRE(xaes.seal(nonce, record.bytes("AAD"), plaintext, box));
    CHECK(to_hex(box) == record.text("Box"));
    Buffer opened(plaintext.size());
    REQUIRE(xaes.open(nonce, record.bytes("AAD"), box, opened));
    CHECK(opened == plaintext);
    ++count;
  }
  CHECK(count == 2);
}

TEST_CASE("XAES-256-GCM: 10,000 random inputs give the accumulated hash of its specification") {
  check_accumulated(10000);
}

TEST_CASE("XAES-256-GCM: 1,000,000 random inputs give the accumulated hash of its specification", "[.slow]") {
  check_accumulated(1000000);
}

TEST_CASE("a box with any bit flipped does not open, and nothing of it is released") {
  Xaes xaes = new_xaes(array_from_hex<32>(std::string(64, '5')));
  std::array<std::byte, 24> nonce{};
  Buffer aad(20, std::byte{1});
  const Buffer plaintext(64, std::byte{0x61});
  Buffer box(80);
  REQUIRE(xaes.seal(nonce, aad, plaintext, box));
  Buffer out(64);
  const auto check_refused = [&](Bytes changed) {
    std::ranges::fill(out, std::byte{0xAA});
    const auto size = xaes.open(nonce, aad, changed, out);
    REQUIRE_FALSE(size);
    CHECK(size.error().code() == ErrorCode::Integrity);
    CHECK(size.error().reason() == "crypto.not_authentic");
    CHECK(std::ranges::all_of(out, [](std::byte b) { return b == std::byte{0} || b == std::byte{0xAA}; }));
    CHECK(ERR_peek_error() == 0);
  };
  const auto flip_each_bit = [&](std::span<std::byte> bytes) {
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      bytes[bit / 8] ^= std::byte{1} << (bit % 8);
      check_refused(box);
      bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    }
  };
  flip_each_bit(box);
  flip_each_bit(nonce);
  flip_each_bit(aad);
  for (std::size_t size = 0; size < box.size(); ++size) check_refused(std::span(box).first(size));
  aad.push_back(std::byte{0});
  check_refused(box);
  aad.pop_back();
  REQUIRE(xaes.open(nonce, aad, box, out));
  CHECK(out == plaintext);
}

TEST_CASE("a box does not open under a key that differs in one bit") {
  auto key = array_from_hex<32>(std::string(64, '5'));
  const std::array<std::byte, 24> nonce{};
  Buffer box(26);
  REQUIRE(new_xaes(key).seal(nonce, {}, Buffer(10), box));
  Buffer out(10, std::byte{0xAA});
  for (std::size_t bit = 0; bit < 256; ++bit) {
    key[bit / 8] ^= std::byte{1} << (bit % 8);
    CHECK(new_xaes(key).open(nonce, {}, box, out).error().code() == ErrorCode::Integrity);
    key[bit / 8] ^= std::byte{1} << (bit % 8);
  }
  CHECK(std::ranges::all_of(out, [](std::byte b) { return b == std::byte{0}; }));
  CHECK(new_xaes(key).open(nonce, {}, box, out));
}

TEST_CASE("every byte of the nonce reaches the ciphertext") {
  Xaes xaes = new_xaes(array_from_hex<32>(std::string(64, '5')));
  std::array<std::byte, 24> nonce{};
  const Buffer plaintext(16);
  Buffer first(32);
  REQUIRE(xaes.seal(nonce, {}, plaintext, first));
  for (std::byte& b : nonce) {
    b = std::byte{1};
    Buffer other(32);
    REQUIRE(xaes.seal(nonce, {}, plaintext, other));
    CHECK_FALSE(std::ranges::equal(std::span(other).first(16), std::span(first).first(16)));
    b = std::byte{0};
  }
}

TEST_CASE("a cloned Xaes has the same key and a life of its own") {
  const std::array<std::byte, 24> nonce{};
  Buffer box(26);
  Buffer out(10);
  auto first = Xaes::create(Key(array_from_hex<32>(std::string(64, '5'))));
  REQUIRE(first);
  auto second = first->clone();
  REQUIRE(second);
  REQUIRE(first->seal(nonce, {}, Buffer(10, std::byte{3}), box));
  first = Xaes::create(Key(array_from_hex<32>(std::string(64, '6'))));
  REQUIRE(second->open(nonce, {}, box, out));
  CHECK(out == Buffer(10, std::byte{3}));
  CHECK_FALSE(first->open(nonce, {}, box, out));
}
