#include "crypto/xaes.hpp"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include <locket/wipe.hpp>

namespace locket::inline v1::crypto {
namespace {

// AES of whole blocks, each by itself. Only ever of CMAC's inputs: this is no way to encrypt data.
Result<void> encrypt_blocks(EVP_CIPHER_CTX* context, Bytes in, std::span<std::byte> out) {
  int n = 0;
  if (EVP_EncryptUpdate(context, room_of(out), &n, data_of(in), static_cast<int>(in.size())) == 1 &&
      static_cast<std::size_t>(n) == out.size()) {
    return {};
  }
  return openssl_error("EVP_EncryptUpdate");
}

// Doubling in GF(2^128) (NIST SP 800-38B, 6.1), with no branch on the bit that falls out.
void double_block(std::span<const std::byte, 16> in, std::span<std::byte, 16> out) {
  for (std::size_t i = 0; i < in.size(); ++i) {
    const std::byte carry = i + 1 < in.size() ? in[i + 1] >> 7 : std::byte{0};
    out[i] = in[i] << 1 | carry;
  }
  const auto reduced = static_cast<unsigned>(in[0] >> 7) * 0x87U;
  out[15] ^= static_cast<std::byte>(reduced);
}

}  // namespace

Result<Xaes> Xaes::create(const Key& key) {
  Result<AesGcm> gcm = AesGcm::create();
  if (!gcm) return std::move(gcm).error();
  CipherContext blocks(EVP_CIPHER_CTX_new());
  if (!blocks) return openssl_error("EVP_CIPHER_CTX_new");
  if (EVP_EncryptInit_ex2(blocks.get(), EVP_aes_256_ecb(), data_of(key.bytes()), nullptr, nullptr) != 1) {
    return openssl_error("EVP_EncryptInit_ex2");
  }
  if (EVP_CIPHER_CTX_set_padding(blocks.get(), 0) != 1) return openssl_error("EVP_CIPHER_CTX_set_padding");
  Xaes xaes(std::move(blocks), std::move(gcm).value());
  Wiped<block_size> l;
  Result<void> encrypted = encrypt_blocks(xaes.blocks_.get(), std::array<std::byte, block_size>{}, l.bytes());
  if (!encrypted) return std::move(encrypted).error();
  double_block(l.bytes(), xaes.k1_.bytes());
  return xaes;
}

Result<Xaes> Xaes::clone() const {
  Result<AesGcm> gcm = AesGcm::create();
  if (!gcm) return std::move(gcm).error();
  CipherContext blocks(EVP_CIPHER_CTX_new());
  if (!blocks) return openssl_error("EVP_CIPHER_CTX_new");
  if (EVP_CIPHER_CTX_copy(blocks.get(), blocks_.get()) != 1) return openssl_error("EVP_CIPHER_CTX_copy");
  Xaes xaes(std::move(blocks), std::move(gcm).value());
  std::ranges::copy(k1_.bytes(), xaes.k1_.bytes().begin());
  return xaes;
}

// CMAC of M1 = 00 01 'X' 00 ‖ nonce[0..12] and of M2 = 00 02 'X' 00 ‖ the same: one block each, hence AES(M ⊕ K1).
Result<void> Xaes::derive(Nonce nonce, Wiped<Key::size>& key) {
  Wiped<2 * block_size> blocks;
  for (std::size_t i = 0; i < 2; ++i) {
    std::byte* m = blocks.bytes().data() + i * block_size;
    m[0] = std::byte{0};
    m[1] = static_cast<std::byte>(i + 1);
    m[2] = std::byte{'X'};
    m[3] = std::byte{0};
    std::ranges::copy(nonce.first<12>(), m + 4);
    for (std::size_t j = 0; j < block_size; ++j) m[j] ^= k1_.bytes()[j];
  }
  return encrypt_blocks(blocks_.get(), blocks.bytes(), key.bytes());
}

Result<void> Xaes::seal(Nonce nonce, Bytes aad, Bytes plaintext, std::span<std::byte> out) {
  Wiped<Key::size> key;
  if (Result<void> derived = derive(nonce, key); !derived) {
    wipe(out.data(), out.size());
    return derived;
  }
  return gcm_.seal(key.bytes(), nonce.last<12>(), aad, plaintext, out);
}

Result<std::size_t> Xaes::open(Nonce nonce, Bytes aad, Bytes box, std::span<std::byte> out) {
  Wiped<Key::size> key;
  if (Result<void> derived = derive(nonce, key); !derived) return std::move(derived).error();
  return gcm_.open(key.bytes(), nonce.last<12>(), aad, box, out);
}

}  // namespace locket::inline v1::crypto
