// What the primitives cost, beside the bare EVP calls under them; the number behind a name is the size in bytes.
// size.
#include <array>
#include <cstdlib>
#include <vector>

#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include "crypto/argon2id.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/hmac.hpp"
#include "crypto/random.hpp"
#include "crypto/sha256.hpp"
#include "crypto/xaes.hpp"

namespace {

using namespace locket::crypto;

template <class T>
T must(locket::Result<T> result) {
  if (!result) std::abort();
  return std::move(result).value();
}
void must(const locket::Result<void>& result) {
  if (!result) std::abort();
}
void must(int openssl) {
  if (openssl != 1) std::abort();
}

// As long as the local store's: label, store id, key id, n and the name.
const std::array<std::byte, 50> aad{};

Key new_key() {
  return Key(std::array<std::byte, Key::size>{std::byte{7}});
}

void xaes_seal(benchmark::State& state) {
  Xaes xaes = must(Xaes::create(new_key()));
  const std::vector<std::byte> plaintext(static_cast<std::size_t>(state.range(0)));
  std::vector<std::byte> box(plaintext.size() + Xaes::tag_size);
  std::array<std::byte, Xaes::nonce_size> nonce{};
  for (auto _ : state) {
    nonce[0] ^= std::byte{1};
    must(xaes.seal(nonce, aad, plaintext, box));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(xaes_seal)->Arg(64)->Arg(256)->Arg(1024);

void xaes_open(benchmark::State& state) {
  Xaes xaes = must(Xaes::create(new_key()));
  std::vector<std::byte> plaintext(static_cast<std::size_t>(state.range(0)));
  std::vector<std::byte> box(plaintext.size() + Xaes::tag_size);
  const std::array<std::byte, Xaes::nonce_size> nonce{};
  must(xaes.seal(nonce, aad, plaintext, box));
  for (auto _ : state) {
    must(xaes.open(nonce, aad, box, plaintext));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(xaes_open)->Arg(64)->Arg(256)->Arg(1024);

// EVP_DecryptInit_ex, SET_TAG, two updates and the final call, as the textbook has them.
void evp_open(benchmark::State& state, bool new_key_each_time) {
  std::vector<unsigned char> plaintext(static_cast<std::size_t>(state.range(0)));
  std::vector<unsigned char> ciphertext(plaintext.size());
  const std::array<unsigned char, 32> key{7};
  const std::array<unsigned char, 12> nonce{};
  std::array<unsigned char, 16> tag{};
  const auto* context_data = reinterpret_cast<const unsigned char*>(aad.data());
  const int size = static_cast<int>(plaintext.size());
  int n = 0;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  must(EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nullptr, key.data(), nonce.data()));
  must(EVP_EncryptUpdate(context, nullptr, &n, context_data, aad.size()));
  must(EVP_EncryptUpdate(context, ciphertext.data(), &n, plaintext.data(), size));
  must(EVP_EncryptFinal_ex(context, tag.data(), &n));
  must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, tag.data()));
  must(EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nullptr, key.data(), nonce.data()));
  for (auto _ : state) {
    must(EVP_DecryptInit_ex(context, nullptr, nullptr, new_key_each_time ? key.data() : nullptr, nonce.data()));
    must(EVP_DecryptUpdate(context, nullptr, &n, context_data, aad.size()));
    must(EVP_DecryptUpdate(context, plaintext.data(), &n, ciphertext.data(), size));
    must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, tag.data()));
    must(EVP_DecryptFinal_ex(context, tag.data(), &n));
    benchmark::ClobberMemory();
  }
  EVP_CIPHER_CTX_free(context);
}
BENCHMARK_CAPTURE(evp_open, fixed_key, false)->Arg(64)->Arg(256)->Arg(1024);
BENCHMARK_CAPTURE(evp_open, key_change, true)->Arg(64)->Arg(256)->Arg(1024);

void xaes_create(benchmark::State& state) {
  const Key key = new_key();
  for (auto _ : state) benchmark::DoNotOptimize(must(Xaes::create(key)));
}
BENCHMARK(xaes_create);

void xaes_clone(benchmark::State& state) {
  const Xaes xaes = must(Xaes::create(new_key()));
  for (auto _ : state) benchmark::DoNotOptimize(must(xaes.clone()));
}
BENCHMARK(xaes_clone);

void hmac(benchmark::State& state) {
  Hmac mac = must(Hmac::create(new_key().bytes()));
  const std::vector<std::byte> text(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(must(mac.mac({text})));
}
BENCHMARK(hmac)->Arg(64);

void sha256_of(benchmark::State& state) {
  const std::vector<std::byte> text(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(must(sha256({text})));
}
BENCHMARK(sha256_of)->Arg(64);

void derive(benchmark::State& state) {
  const Key root = new_key();
  for (auto _ : state) benchmark::DoNotOptimize(must(derive_key(root, aad, aad)));
}
BENCHMARK(derive);

void random(benchmark::State& state) {
  std::array<std::byte, Xaes::nonce_size> nonce{};
  for (auto _ : state) must(random_bytes(nonce));
}
BENCHMARK(random);

void argon2id_default(benchmark::State& state) {
  const std::array<std::byte, 16> salt{};
  for (auto _ : state) benchmark::DoNotOptimize(must(argon2id("correct horse", salt, {})));
}
BENCHMARK(argon2id_default)->Unit(benchmark::kMillisecond);

}  // namespace
