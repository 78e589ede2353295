// Holds 1,000 secrets and released 1,000 others, then waits to be dumped (see core-dump.sh).
//
//   hold_and_release               prints "ready", ends when its input does
//   hold_and_release list held     prints what to look for in a dump: both halves of each secret that is held,
//   hold_and_release list released or was released, a line each
//
// No secret is a constant of this program: each is computed, digit by digit, where it is to live.
#include <cstdint>
#include <cstdio>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/prctl.h>

#include <locket/secret_buffer.hpp>
#include <locket/secret_value.hpp>
#include <locket/wipe.hpp>

namespace {

using locket::SecretBuffer;
using locket::SecretValue;

constexpr std::uint64_t count = 1'000;
constexpr std::uint64_t first_held = 0x48'0000;      // numbers of secrets that are still held
constexpr std::uint64_t first_released = 0x52'0000;  // and of those that are not
constexpr unsigned digits = 48;

// One step of SplitMix64 (Steele, Lea, Flood 2014), for digits that look like nothing else in memory.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

char digit(std::uint64_t number, unsigned place) {
  return static_cast<char>('a' + mix(number * digits + place) % 26);
}

// `Text` is whatever has push_back.
template <class Text>
void write(Text& text, std::uint64_t number) {
  for (unsigned place = 0; place < digits; ++place) text.push_back(digit(number, place));
}

SecretValue collected(std::uint64_t number) {
  SecretBuffer buffer;  // grows through several blocks
  write(buffer, number);
  return std::move(buffer).finish();
}

SecretValue taken(std::uint64_t number) {
  std::string text;
  text.reserve(2 * digits);
  write(text, number);
  return SecretValue::take(std::move(text));
}

SecretValue copied(std::uint64_t number) {
  std::string text;
  text.reserve(digits);
  write(text, number);
  SecretValue value{std::string_view(text)};
  locket::wipe(text);
  return value;
}

SecretValue reassigned(std::uint64_t number) {
  SecretValue value = collected(number);
  value = value.clone();
  std::ostringstream printed;
  printed << value;
  return printed.str() == "***" && value == value.clone() ? std::move(value) : SecretValue();
}

SecretValue big(std::uint64_t number) {
  SecretBuffer buffer;
  write(buffer, number);
  buffer.resize(400'000);
  write(buffer, number);
  return std::move(buffer).finish();
}

SecretValue make(std::uint64_t number) {
  if (number % 100 == 99) return big(number);
  switch (number % 4) {
    case 0: return collected(number);
    case 1: return taken(number);
    case 2: return copied(number);
    default: return reassigned(number);
  }
}

std::vector<SecretValue> make_all(std::uint64_t first) {
  std::vector<SecretValue> values;
  for (std::uint64_t i = 0; i < count; ++i) values.push_back(make(first + i));
  return values;
}

int list(std::string_view which) {
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string text;
    write(text, (which == "held" ? first_held : first_released) + i);
    std::printf("%.24s\n%s\n", text.c_str(), text.c_str() + digits / 2);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3) return list(argv[2]);
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // where Yama allows only parents to attach
  auto held = make_all(first_held);
  make_all(first_released).clear();
  std::puts("ready");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return held.size() == count ? 0 : 1;
}
