// The speed of masking beside its limits: searching the text for a byte that it does not hold, and copying it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "cli/masker.hpp"

using namespace locket;
using namespace locket::cli;

namespace {

constexpr std::size_t text_size = 32 << 20;
constexpr std::size_t chunk_size = 64 << 10;  // as a pipe hands them over

std::string random_text(std::mt19937& random, std::size_t size, std::string_view alphabet) {
  std::uniform_int_distribution<std::size_t> place(0, alphabet.size() - 1);
  std::string text(size, '\0');
  for (char& c : text) c = alphabet[place(random)];
  return text;
}

// Lines of words, as a log has them.
const std::string& log_text() {
  static const std::string text = [] {
    std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same text each time
    std::string result;
    while (result.size() < text_size) {
      const std::size_t size = 1 + random() % 9;
      result += random_text(random, size, "etaoinshrdlucmfwyp0123456789") + (random() % 12 == 0 ? '\n' : ' ');
    }
    result.resize(text_size);
    return result;
  }();
  return text;
}

// What passwords and tokens are made of; 16 to 40 bytes unless they are all to be short.
std::vector<SecretValue> secrets(std::size_t shortest, std::size_t longest) {
  std::mt19937 random(2);  // NOLINT(cert-msc51-cpp): the same secrets each time
  std::vector<SecretValue> result;
  for (std::size_t i = 0; i < 100; ++i) {
    const std::size_t size = shortest + random() % (longest - shortest + 1);
    result.emplace_back(
        random_text(random, size, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.!"));
  }
  return result;
}

template <class Take>
void for_each_chunk(std::string_view text, Take take) {
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), chunk_size))) take(text.substr(0, chunk_size));
}

void count_bytes(benchmark::State& state, std::size_t size) {
  state.SetBytesProcessed(static_cast<std::int64_t>(size) * state.iterations());
}

void mask_all(benchmark::State& state, const std::vector<SecretValue>& looked_for, std::string_view text) {
  std::size_t out = 0;
  Masker masker(looked_for, [&](std::string_view piece) { out += piece.size(); });
  for (auto _ : state) {
    for_each_chunk(text, [&](std::string_view chunk) { masker.write(chunk); });
    masker.finish();
  }
  benchmark::DoNotOptimize(out);
  count_bytes(state, text.size());
}

void mask_log(benchmark::State& state) {
  mask_all(state, secrets(16, 40), log_text());
}
BENCHMARK(mask_log)->Unit(benchmark::kMillisecond);

// With secrets of 4 to 6 bytes each byte's neighbourhood must be looked at.
void mask_log_short_secrets(benchmark::State& state) {
  mask_all(state, secrets(4, 6), log_text());
}
BENCHMARK(mask_log_short_secrets)->Unit(benchmark::kMillisecond);

// Nothing but beginnings of secrets.
void mask_worst(benchmark::State& state) {
  static const std::string text(text_size / 8, 'a');
  std::vector<SecretValue> looked_for;
  for (std::size_t i = 0; i < 25; ++i) looked_for.emplace_back(std::string(16 + i, 'a') + 'b');
  mask_all(state, looked_for, text);
}
BENCHMARK(mask_worst)->Unit(benchmark::kMillisecond);

// A limit: each byte is looked at, by the fastest code that there is.
void memchr_log(benchmark::State& state) {
  for (auto _ : state) {
    for_each_chunk(log_text(), [](std::string_view chunk) {
      benchmark::DoNotOptimize(std::memchr(chunk.data(), '\x01', chunk.size()));
    });
  }
  count_bytes(state, text_size);
}
BENCHMARK(memchr_log)->Unit(benchmark::kMillisecond);

// A limit: what a pipe does at least twice.
void copy_log(benchmark::State& state) {
  std::string copy(chunk_size, '\0');
  for (auto _ : state) {
    for_each_chunk(log_text(), [&](std::string_view chunk) {
      std::memcpy(copy.data(), chunk.data(), chunk.size());
      benchmark::DoNotOptimize(copy.data());
      benchmark::ClobberMemory();
    });
  }
  count_bytes(state, text_size);
}
BENCHMARK(copy_log)->Unit(benchmark::kMillisecond);

// What starting costs.
void prepare_masker(benchmark::State& state) {
  const std::vector<SecretValue> looked_for = secrets(16, 40);
  for (auto _ : state) benchmark::DoNotOptimize(Masker(looked_for, [](std::string_view) {}));
}
BENCHMARK(prepare_masker)->Unit(benchmark::kMillisecond);

void prepare_masker_long(benchmark::State& state) {
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp): the same secret each time
  std::vector<SecretValue> looked_for;
  looked_for.emplace_back(random_text(random, 64 << 10, "abcdefghijklmnopqrstuvwxyz \n\"0123456789"));
  for (auto _ : state) benchmark::DoNotOptimize(Masker(looked_for, [](std::string_view) {}));
}
BENCHMARK(prepare_masker_long)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
