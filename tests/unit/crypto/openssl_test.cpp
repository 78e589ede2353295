#include "crypto/openssl.hpp"

#include <catch2/catch_test_macros.hpp>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/hkdf.hpp"
#include "crypto/hmac.hpp"
#include "crypto/sha256.hpp"
#include "crypto/xaes.hpp"
#include "vectors.hpp"

using namespace locket::crypto;

namespace {

// While it lives OpenSSL finds no algorithm, as when a program unloaded its default provider.
class NoAlgorithms {
 public:
  NoAlgorithms() { set("provider=none-of-them"); }
  NoAlgorithms(const NoAlgorithms&) = delete;
  NoAlgorithms& operator=(const NoAlgorithms&) = delete;
  ~NoAlgorithms() { set(""); }

 private:
  static void set(const char* properties) {
    if (EVP_set_default_properties(nullptr, properties) != 1) std::abort();
  }
};

template <class T>
void check_refused(const locket::Result<T>& result) {
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == locket::ErrorCode::Internal);
  CHECK(result.error().reason() == "crypto.openssl");
  CHECK(result.error().message().find(" failed with error 0x") != std::string::npos);
  CHECK(ERR_peek_error() == 0);
}

}  // namespace

TEST_CASE("where OpenSSL lacks an algorithm there is a typed error, and its queue is left empty") {
  const Key key(vectors::array_from_hex<32>(std::string(64, '5')));
  {
    const NoAlgorithms none;
    check_refused(sha256({bytes_of("abc")}));
    check_refused(Hmac::create(key.bytes()));
    check_refused(derive_key(key, {}, {}));
    check_refused(AesGcm::create());
    check_refused(Xaes::create(key));
  }
  CHECK(sha256({bytes_of("abc")}));
  CHECK(Hmac::create(key.bytes()));
  CHECK(derive_key(key, {}, {}));
  CHECK(Xaes::create(key));
}

TEST_CASE("contexts at work do not need OpenSSL to find their algorithm again") {
  const Key key(vectors::array_from_hex<32>(std::string(64, '5')));
  auto xaes = Xaes::create(key);
  auto hmac = Hmac::create(key.bytes());
  REQUIRE(xaes);
  REQUIRE(hmac);
  const NoAlgorithms none;
  const std::array<std::byte, Xaes::nonce_size> nonce{};
  vectors::Buffer box(20);
  vectors::Buffer out(4);
  CHECK(xaes->seal(nonce, {}, bytes_of("text"), box));
  CHECK(xaes->open(nonce, {}, box, out));
  CHECK(hmac->mac({bytes_of("text")}));
}
