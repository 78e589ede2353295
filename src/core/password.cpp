#include <locket/password.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include <locket/secret_buffer.hpp>
#include <locket/wipe.hpp>

namespace locket::inline v1 {
namespace {

constexpr std::size_t min_length = 8, max_length = 4096, min_charset = 10;

Error invalid(std::string message) {
  return Error({.code = ErrorCode::InvalidArgument, .reason = "password.spec", .message = std::move(message)});
}

Result<void> check(const PasswordSpec& spec) {
  if (spec.length < min_length || spec.length > max_length) {
    return invalid(fmt::format("a password of {} characters is asked for; {} to {} are allowed", spec.length,
                               min_length, max_length));
  }
  std::string sorted = spec.charset;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    return invalid("the password's character set names a character twice, which would make it likelier than others");
  }
  const bool printable = std::all_of(sorted.begin(), sorted.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!printable) return invalid("the password's character set holds something else than printable ASCII");
  if (sorted.size() < min_charset) {
    return invalid(fmt::format("the password's character set has {} characters; at least {} are needed", sorted.size(),
                               min_charset));
  }
  return {};
}

}  // namespace

// Bytes at or above the largest multiple of the set's size are thrown away: taking them modulo the size would make the
// first characters of the set likelier.
Result<SecretValue> generate_password(const PasswordSpec& spec, RandomSource& random) {
  if (auto good = check(spec); !good) return std::move(good).error();
  const std::size_t unbiased = 256 / spec.charset.size() * spec.charset.size();
  SecretBuffer password;
  password.reserve(spec.length);
  std::array<std::byte, 64> bytes{};
  while (password.size() < spec.length) {
    if (auto filled = random.fill(bytes); !filled) return std::move(filled).error();
    for (std::byte byte : bytes) {
      const auto value = std::to_integer<std::size_t>(byte);
      if (value < unbiased && password.size() < spec.length)
        password.push_back(spec.charset[value % spec.charset.size()]);
    }
  }
  wipe(bytes.data(), bytes.size());
  return std::move(password).finish();
}

}  // namespace locket::inline v1
