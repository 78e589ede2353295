// Holds 1,000 secrets and released 1,000 others, then waits to be dumped (see core-dump.sh).
//
//   hold_and_release               prints "ready", ends when its input does
//   hold_and_release list held     prints what to look for in a dump: both halves of each secret that is held,
//   hold_and_release list released or was released, a line each
//   hold_and_release expect        prints how many of them each dump is to show
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

#include "made_secret.hpp"

namespace {

using locket::SecretBuffer;
using locket::SecretValue;

constexpr std::uint64_t count = 1'000;
constexpr std::uint64_t first_held = 0x48'0000;      // numbers of secrets that are still held
constexpr std::uint64_t first_released = 0x52'0000;  // and of those that are not
constexpr std::size_t digits = locket_test::made_digits;

SecretValue collected(std::uint64_t number) {
  SecretBuffer buffer;  // grows through several blocks
  locket_test::write_made(buffer, number);
  return std::move(buffer).finish();
}

SecretValue taken(std::uint64_t number) {
  std::string text;
  text.reserve(2 * digits);
  locket_test::write_made(text, number);
  return SecretValue::take(std::move(text));
}

SecretValue copied(std::uint64_t number) {
  std::string text;
  text.reserve(digits);
  locket_test::write_made(text, number);
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
  locket_test::write_made(buffer, number);
  buffer.resize(400'000);
  locket_test::write_made(buffer, number);
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
  values.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) values.push_back(make(first + i));
  return values;
}

int list(std::string_view which) {
  locket_test::print_made(which == "held" ? first_held : first_released, count);
  return 0;
}

int expect() {
  std::puts("ordinary held 0\nordinary released 0\neverything held 2000\neverything released 0");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3) return list(argv[2]);
  if (argc == 2) return expect();
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // where Yama allows only parents to attach
  auto held = make_all(first_held);
  make_all(first_released).clear();
  std::puts("ready");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return held.size() == count ? 0 : 1;
}
