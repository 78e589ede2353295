#include "crypto/aes_gcm.hpp"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "vectors.hpp"

using namespace locket::crypto;
using locket::ErrorCode;
using vectors::array_from_hex;
using vectors::Buffer;
using vectors::from_hex;
using vectors::to_hex;

namespace {

AesGcm new_gcm() {
  auto gcm = AesGcm::create();
  REQUIRE(gcm);
  return std::move(gcm).value();
}

bool all_zeros(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

struct Case {
  std::array<std::byte, 32> key{};
  std::array<std::byte, 12> nonce{};
  Buffer aad = {}, plaintext = {}, box = {};
};

void check_opens(AesGcm& gcm, const Case& c, bool expected) {
  Buffer out(c.box.size() - AesGcm::tag_size, std::byte{0xAA});
  const auto size = gcm.open(c.key, c.nonce, c.aad, c.box, out);
  REQUIRE(size.ok() == expected);
  if (size) {
    CHECK(*size == out.size());
    CHECK(out == c.plaintext);
  } else {
    CHECK(size.error().code() == ErrorCode::Integrity);
    CHECK(size.error().reason() == "crypto.not_authentic");
    CHECK(all_zeros(out));
  }
}

void check_seals(AesGcm& gcm, const Case& c) {
  Buffer box(c.plaintext.size() + AesGcm::tag_size);
  REQUIRE(gcm.seal(c.key, c.nonce, c.aad, c.plaintext, box));
  CHECK(box == c.box);
}

Buffer joined(Buffer a, const Buffer& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Case from_nist(const vectors::Record& record) {
  return {.key = array_from_hex<32>(record.text("Key")),
          .nonce = array_from_hex<12>(record.text("IV")),
          .aad = record.bytes("AAD"),
          .plaintext = record.bytes("PT"),
          .box = joined(record.bytes("CT"), record.bytes("Tag"))};
}

// Ours takes no other sizes.
bool has_our_sizes(const vectors::Record& record) {
  return record.text("IV").size() == 24 && record.text("Tag").size() == 32;
}

}  // namespace

TEST_CASE("AES-256-GCM passes NIST's decryption vectors") {
  AesGcm gcm = new_gcm();
  int opened = 0;
  int refused = 0;
  for (const auto& record : vectors::read(vectors::fetched("nist") + "/gcmDecrypt256.rsp")) {
    if (!has_our_sizes(record)) continue;
    const bool valid = !record.has("FAIL");
    check_opens(gcm, from_nist(record), valid);
    ++(valid ? opened : refused);
  }
  CHECK(opened + refused == 375);
  CHECK(refused > 100);
}

TEST_CASE("AES-256-GCM passes NIST's encryption vectors") {
  AesGcm gcm = new_gcm();
  int count = 0;
  for (const auto& record : vectors::read(vectors::fetched("nist") + "/gcmEncryptExtIV256.rsp")) {
    if (!has_our_sizes(record)) continue;
    check_seals(gcm, from_nist(record));
    check_opens(gcm, from_nist(record), true);
    ++count;
  }
  CHECK(count == 375);
}

TEST_CASE("AES-256-GCM passes Wycheproof") {
  AesGcm gcm = new_gcm();
  int count = 0;
  vectors::for_each_wycheproof("aes_gcm_test.json", [&](const auto& group, const auto& test) {
    if (group.at("keySize") != 256 || group.at("ivSize") != 96 || group.at("tagSize") != 128) return;
    const auto text = [&](const char* name) { return test.at(name).template get<std::string>(); };
    const Case c{.key = array_from_hex<32>(text("key")),
                 .nonce = array_from_hex<12>(text("iv")),
                 .aad = from_hex(text("aad")),
                 .plaintext = from_hex(text("msg")),
                 .box = joined(from_hex(text("ct")), from_hex(text("tag")))};
    const bool valid = test.at("result") == "valid";
    check_opens(gcm, c, valid);
    if (valid) check_seals(gcm, c);
    ++count;
  });
  CHECK(count > 50);
}

TEST_CASE("AES-256-GCM works in place") {
  AesGcm gcm = new_gcm();
  Case c{.plaintext = Buffer(100, std::byte{7}), .box = Buffer(116)};
  Buffer room = c.plaintext;
  room.resize(116);
  REQUIRE(gcm.seal(c.key, c.nonce, c.aad, std::span(room).first(100), room));
  REQUIRE(gcm.seal(c.key, c.nonce, c.aad, c.plaintext, c.box));
  CHECK(room == c.box);
  REQUIRE(gcm.open(c.key, c.nonce, c.aad, room, room));
  CHECK(std::ranges::equal(std::span(room).first(100), c.plaintext));
}

TEST_CASE("AES-256-GCM refuses room of a wrong size, and a box shorter than a tag") {
  AesGcm gcm = new_gcm();
  const Case c{.plaintext = Buffer(10)};
  Buffer room(25);
  CHECK(gcm.seal(c.key, c.nonce, c.aad, c.plaintext, room).error().code() == ErrorCode::InvalidArgument);
  room.resize(27);
  CHECK(gcm.seal(c.key, c.nonce, c.aad, c.plaintext, room).error().code() == ErrorCode::InvalidArgument);
  const Buffer box(26);
  room.resize(9);
  CHECK(gcm.open(c.key, c.nonce, c.aad, box, room).error().code() == ErrorCode::InvalidArgument);
  CHECK(gcm.open(c.key, c.nonce, c.aad, std::span(box).first(15), room).error().code() == ErrorCode::Integrity);
  CHECK(gcm.open(c.key, c.nonce, c.aad, {}, room).error().code() == ErrorCode::Integrity);
}

TEST_CASE("AES-256-GCM refuses to write over what it is still to read") {
  AesGcm gcm = new_gcm();
  const Case c{};
  Buffer room(200, std::byte{0x5A});
  const std::span<std::byte> all = room;
  const auto code = [](const auto& result) { return result.ok() ? ErrorCode::Internal : result.error().code(); };
  // The input is bytes 80 to 144; the output has 80 bytes.
  for (const std::size_t at : {1U, 64U, 79U, 81U, 100U, 119U}) {
    CHECK(code(gcm.seal(c.key, c.nonce, {}, all.subspan(80, 64), all.subspan(at, 80))) == ErrorCode::InvalidArgument);
  }
  CHECK(code(gcm.open(c.key, c.nonce, {}, all.subspan(80, 80), all.subspan(79, 64))) == ErrorCode::InvalidArgument);
  CHECK(std::ranges::all_of(room, [](std::byte b) { return b == std::byte{0x5A}; }));
  CHECK(gcm.seal(c.key, c.nonce, {}, all.subspan(80, 64), all.first(80)));
  CHECK(gcm.seal(c.key, c.nonce, {}, all.first(64), all.subspan(64, 80)));
}
