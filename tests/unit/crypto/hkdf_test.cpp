#include "crypto/hkdf.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "vectors.hpp"

using namespace locket::crypto;
using locket::ErrorCode;
using vectors::Buffer;
using vectors::from_hex;
using vectors::to_hex;

TEST_CASE("HKDF-SHA256 gives what RFC 5869 says") {
  for (const vectors::Record& record : vectors::read(vectors::committed("rfc-5869-hkdf-sha256.txt"))) {
    Buffer out(record.bytes("OKM").size());
    REQUIRE(hkdf_sha256(record.bytes("IKM"), record.bytes("salt"), record.bytes("info"), out));
    CHECK(to_hex(out) == record.text("OKM"));
  }
}

TEST_CASE("HKDF-SHA256 passes Wycheproof") {
  vectors::for_each_wycheproof("hkdf_sha256_test.json", [](const auto&, const auto& test) {
    const auto field = [&](const char* name) { return from_hex(test.at(name).template get<std::string>()); };
    Buffer out(test.at("size").template get<std::size_t>());
    const auto filled = hkdf_sha256(field("ikm"), field("salt"), field("info"), out);
    REQUIRE(filled.ok() == (test.at("result") == "valid"));
    if (filled) CHECK(to_hex(out) == test.at("okm").template get<std::string>());
  });
}

TEST_CASE("a derived key is HKDF's, and another one for another purpose, salt or root") {
  const Key root(vectors::array_from_hex<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
  Buffer expected(Key::size);
  REQUIRE(hkdf_sha256(root.bytes(), bytes_of("store"), bytes_of("locket/v1/wrap"), expected));
  const auto key = derive_key(root, bytes_of("store"), bytes_of("locket/v1/wrap"));
  REQUIRE(key);
  CHECK(to_hex(key->bytes()) == to_hex(expected));
  CHECK_FALSE(*derive_key(root, bytes_of("store"), bytes_of("locket/v1/state")) == *key);
  CHECK_FALSE(*derive_key(root, bytes_of("stores"), bytes_of("locket/v1/wrap")) == *key);
  CHECK_FALSE(*derive_key(*key, bytes_of("store"), bytes_of("locket/v1/wrap")) == *key);
}

TEST_CASE("HKDF refuses what it cannot do") {
  Buffer out(32);
  CHECK(hkdf_sha256({}, {}, {}, out).error().code() == ErrorCode::InvalidArgument);
  CHECK(hkdf_sha256(bytes_of("secret"), {}, Buffer(1025), out).error().code() == ErrorCode::InvalidArgument);
  CHECK(hkdf_sha256(bytes_of("secret"), {}, Buffer(1024), out));
  CHECK(hkdf_sha256(bytes_of("secret"), {}, {}, std::span<std::byte>()).error().code() == ErrorCode::InvalidArgument);
  out.resize(8161);
  CHECK(hkdf_sha256(bytes_of("secret"), {}, {}, out).error().code() == ErrorCode::InvalidArgument);
  out.resize(8160);
  CHECK(hkdf_sha256(bytes_of("secret"), {}, {}, out));
}
