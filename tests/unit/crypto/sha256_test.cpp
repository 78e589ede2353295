#include "crypto/sha256.hpp"

#include <catch2/catch_test_macros.hpp>

#include "vectors.hpp"

using namespace locket::crypto;
using vectors::to_hex;

// FIPS 180-4's examples, as NIST publishes them.
TEST_CASE("SHA-256 gives what FIPS 180-4 says") {
  CHECK(to_hex(*sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(*sha256({bytes_of("abc")})) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(*sha256({bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")})) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("SHA-256 of parts is that of the whole") {
  CHECK(*sha256({bytes_of("a"), {}, bytes_of("bc")}) == *sha256({bytes_of("abc")}));
}
