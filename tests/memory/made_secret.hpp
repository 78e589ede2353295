#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include <locket/secret_buffer.hpp>
#include <locket/secret_value.hpp>

/// Secrets that are no constants of the program that looks for them: each is computed from its number, digit by digit,
/// where it is to live.
namespace locket_test {

constexpr std::size_t made_digits = 48;

// One step of SplitMix64 (Steele, Lea, Flood 2014), for digits that look like nothing else in memory.
constexpr std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

/// `Text` is whatever has push_back.
template <class Text>
void write_made(Text& text, std::uint64_t number) {
  for (std::size_t place = 0; place < made_digits; ++place) {
    text.push_back(static_cast<char>('a' + mixed(number * made_digits + place) % 26));
  }
}

inline locket::SecretValue made_secret(std::uint64_t number) {
  locket::SecretBuffer buffer;
  write_made(buffer, number);
  return std::move(buffer).finish();
}

/// What to look for in a dump: both halves of a secret, a line each.
inline void print_halves(const std::string& secret) {
  const std::size_t half = secret.size() / 2;
  std::printf("%.*s\n%s\n", static_cast<int>(half), secret.c_str(), secret.c_str() + half);
}
inline void print_made(std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string text;
    write_made(text, first + i);
    print_halves(text);
  }
}

}  // namespace locket_test
