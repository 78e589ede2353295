#include "crypto/hmac.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "vectors.hpp"

using namespace locket::crypto;
using vectors::from_hex;
using vectors::to_hex;

TEST_CASE("HMAC-SHA256 gives what RFC 4231 says, however often its object is used") {
  for (const vectors::Record& record : vectors::read(vectors::committed("rfc-4231-hmac-sha256.txt"))) {
    auto hmac = Hmac::create(record.bytes("Key"));
    REQUIRE(hmac);
    const vectors::Buffer message = record.bytes("Msg");
    for (int use = 0; use < 3; ++use) CHECK(to_hex(*hmac->mac({message})) == record.text("MD"));
    CHECK(to_hex(*hmac_sha256(record.bytes("Key"), {message})) == record.text("MD"));
  }
}

TEST_CASE("HMAC-SHA256 passes Wycheproof") {
  vectors::for_each_wycheproof("hmac_sha256_test.json", [](const auto& group, const auto& test) {
    const vectors::Buffer key = from_hex(test.at("key").template get<std::string>());
    const vectors::Buffer message = from_hex(test.at("msg").template get<std::string>());
    const vectors::Buffer tag = from_hex(test.at("tag").template get<std::string>());
    REQUIRE(tag.size() == group.at("tagSize").template get<std::size_t>() / 8);
    const auto mac = hmac_sha256(key, {message});
    REQUIRE(mac);
    const bool same = to_hex(std::span(*mac).first(tag.size())) == to_hex(tag);
    CHECK(same == (test.at("result") == "valid"));
  });
}

TEST_CASE("a MAC does not depend on how the message is cut, nor on messages before it") {
  auto hmac = Hmac::create(bytes_of("key"));
  REQUIRE(hmac);
  const Digest whole = *hmac->mac({bytes_of("one two")});
  CHECK(*hmac->mac({bytes_of("other")}) != whole);
  CHECK(*hmac->mac({bytes_of("one"), {}, bytes_of(" two")}) == whole);
  CHECK(*hmac->mac({}) == *hmac_sha256(bytes_of("key"), {}));
}

TEST_CASE("a cloned Hmac has the same key and a life of its own") {
  auto first = Hmac::create(bytes_of("key"));
  REQUIRE(first);
  const Digest expected = *first->mac({bytes_of("text")});
  auto second = first->clone();
  REQUIRE(second);
  first = Hmac::create(bytes_of("other key"));
  CHECK(*second->mac({bytes_of("text")}) == expected);
  CHECK(*first->mac({bytes_of("text")}) != expected);
}

TEST_CASE("HMAC under an empty key is refused") {
  const auto hmac = Hmac::create({});
  REQUIRE_FALSE(hmac);
  CHECK(hmac.error().code() == locket::ErrorCode::InvalidArgument);
}
