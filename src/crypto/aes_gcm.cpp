#include "crypto/aes_gcm.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <locket/wipe.hpp>

namespace locket::inline v1::crypto {
namespace {

// EVP counts in int; a GiB is far beyond what any store holds, and leaves room for the tag.
constexpr std::size_t max_size = std::size_t{1} << 30;
constexpr std::string_view final_call = "EVP_DecryptFinal_ex";

Error wrong_size() {
  return Error({.code = ErrorCode::InvalidArgument, .message = "the room for the result of AES-GCM has a wrong size"});
}

// Whether writing `out` would change what is still to be read of `in`. EVP itself does not look.
bool overlaps_badly(Bytes in, std::span<std::byte> out) {
  const std::less<> before;
  const std::byte* in_end = in.data() + in.size();
  const std::byte* out_end = out.data() + out.size();
  return !in.empty() && in.data() != out.data() && before(out.data(), in_end) && before(in.data(), out_end);
}

Error overlapping() {
  return Error({.code = ErrorCode::InvalidArgument,
                .message = "the room for the result of AES-GCM begins or ends inside of what is to be read"});
}

Error too_long() {
  return Error({.code = ErrorCode::LimitExceeded, .message = "one call of AES-GCM takes less than 1 GiB"});
}

Error not_authentic() {
  forget_openssl_errors();
  return Error({.code = ErrorCode::Integrity,
                .reason = "crypto.not_authentic",
                .message = "the sealed bytes are not what was sealed under this key, nonce and context"});
}

}  // namespace

Result<AesGcm> AesGcm::create() {
  CipherContext context(EVP_CIPHER_CTX_new());
  if (!context) return openssl_error("EVP_CIPHER_CTX_new");
  // The one lookup of the cipher; seal and open only change the key and the direction.
  if (EVP_CipherInit_ex2(context.get(), EVP_aes_256_gcm(), nullptr, nullptr, 1, nullptr) != 1) {
    return openssl_error("EVP_CipherInit_ex2");
  }
  return AesGcm(std::move(context));
}

Result<void> AesGcm::seal(KeyBytes key, Nonce nonce, Bytes aad, Bytes plaintext, std::span<std::byte> out) {
  if (plaintext.size() >= max_size || aad.size() >= max_size) return too_long();
  if (out.size() != plaintext.size() + tag_size) return wrong_size();
  if (overlaps_badly(plaintext, out)) return overlapping();
  const char* failed = try_seal(key, nonce, aad, plaintext, out);
  if (failed == nullptr) return {};
  wipe(out.data(), out.size());
  return openssl_error(failed);
}

// The name of the OpenSSL function that failed, or null.
const char* AesGcm::try_seal(KeyBytes key, Nonce nonce, Bytes aad, Bytes plaintext, std::span<std::byte> out) {
  EVP_CIPHER_CTX* context = context_.get();
  int n = 0;
  if (EVP_EncryptInit_ex2(context, nullptr, data_of(key), data_of(nonce), nullptr) != 1) return "EVP_EncryptInit_ex2";
  if (!aad.empty() && EVP_EncryptUpdate(context, nullptr, &n, data_of(aad), static_cast<int>(aad.size())) != 1) {
    return "EVP_EncryptUpdate";
  }
  if (!plaintext.empty() &&
      EVP_EncryptUpdate(context, room_of(out), &n, data_of(plaintext), static_cast<int>(plaintext.size())) != 1) {
    return "EVP_EncryptUpdate";
  }
  std::span<std::byte> tag = out.last<tag_size>();
  if (EVP_EncryptFinal_ex(context, room_of(tag), &n) != 1) return "EVP_EncryptFinal_ex";
  if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()), tag.data()) != 1) {
    return "EVP_CIPHER_CTX_ctrl";
  }
  return nullptr;
}

Result<std::size_t> AesGcm::open(KeyBytes key, Nonce nonce, Bytes aad, Bytes box, std::span<std::byte> out) {
  if (box.size() >= max_size || aad.size() >= max_size) return too_long();
  if (box.size() < tag_size) return not_authentic();
  const std::size_t size = box.size() - tag_size;
  if (out.size() < size) return wrong_size();
  if (overlaps_badly(box, out.first(size))) return overlapping();
  const char* failed = try_open(key, nonce, aad, box, out.first(size));
  if (failed == nullptr) return size;
  wipe(out.data(), size);
  if (failed == final_call) return not_authentic();
  return openssl_error(failed);
}

const char* AesGcm::try_open(KeyBytes key, Nonce nonce, Bytes aad, Bytes box, std::span<std::byte> out) {
  EVP_CIPHER_CTX* context = context_.get();
  // Taken before anything is written: `out` may begin where `box` does.
  std::array<std::byte, tag_size> tag;
  std::ranges::copy(box.last<tag_size>(), tag.begin());
  const std::array params = {
      OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag.data(), tag.size()),
      OSSL_PARAM_construct_end(),
  };
  int n = 0;
  if (EVP_DecryptInit_ex2(context, nullptr, data_of(key), data_of(nonce), params.data()) != 1) {
    return "EVP_DecryptInit_ex2";
  }
  if (!aad.empty() && EVP_DecryptUpdate(context, nullptr, &n, data_of(aad), static_cast<int>(aad.size())) != 1) {
    return "EVP_DecryptUpdate";
  }
  if (!out.empty() && EVP_DecryptUpdate(context, room_of(out), &n, data_of(box), static_cast<int>(out.size())) != 1) {
    return "EVP_DecryptUpdate";
  }
  std::byte rest{};  // GCM has none, but EVP wants a place for it
  if (EVP_DecryptFinal_ex(context, room_of(std::span(&rest, 1)), &n) != 1) return final_call.data();
  return nullptr;
}

}  // namespace locket::inline v1::crypto
