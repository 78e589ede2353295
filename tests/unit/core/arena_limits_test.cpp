#include <fstream>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include <locket/secret_buffer.hpp>
#include <locket/secret_value.hpp>

#include "core/arena.hpp"
#include "unit/core/child.hpp"

namespace arena = locket::arena;
using locket::SecretBuffer;
using locket::SecretValue;
using locket_test::in_child;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif

constexpr int count = 100'000;

std::string text_of(int i, std::size_t size) {
  std::string text = "secret number " + std::to_string(i) + " ";
  text.resize(size, static_cast<char>('a' + i % 26));
  return text;
}

// Locked bytes of this process, as the kernel counts them (proc_pid_status(5)).
std::size_t locked_by_kernel() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kibibytes = 0;
    if (word == "VmLck:" && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

// A sanitizer's mlock(2) does nothing, and succeeds.
bool locks_what_it_says() {
  return sanitized || arena::statistics().locked == locked_by_kernel();
}

bool holds_100_000(std::size_t size) {
  std::vector<SecretValue> held;
  held.reserve(count);
  for (int i = 0; i < count; ++i) held.emplace_back(text_of(i, size));
  for (int i = 0; i < count; ++i) {
    if (held[static_cast<std::size_t>(i)].expose() != text_of(i, size)) return false;
  }
  return locks_what_it_says();
}

bool limit_locked_bytes(rlim_t bytes) {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return false;
  limit.rlim_cur = bytes;
  return ::setrlimit(RLIMIT_MEMLOCK, &limit) == 0;
}

// In a process of its own, which has a fresh arena: hold 100,000 values under a limit (none: the limit as it is). That
// the kernel's count agrees shows that nothing is locked beyond the limit.
int hold_under_limit(std::optional<rlim_t> bytes, bool ignores_limits) {
  return in_child([=] {
    if (bytes && !limit_locked_bytes(*bytes)) return 2;
    rlimit limit = {};
    ::getrlimit(RLIMIT_MEMLOCK, &limit);
    bool can_lock = limit.rlim_cur >= 65'536 || ignores_limits || sanitized;
    SecretValue one("one value");
    if ((arena::statistics().locked != 0) != can_lock || !locks_what_it_says()) return 3;
    for (std::size_t size : {32U, 300U}) {
      if (!holds_100_000(size)) return 4;
    }
    return one.expose() == "one value" ? 0 : 5;
  });
}

}  // namespace

TEST_CASE("100,000 held secrets work as root, who has no limit") {
  if (::geteuid() != 0) SKIP("not root; the cases with limits show the same and more, because they bind here");
  CHECK(hold_under_limit(0, true) == 0);
  CHECK(hold_under_limit({}, true) == 0);
}

TEST_CASE("100,000 held secrets work when nothing may be locked", "[unprivileged]") {
  if (::geteuid() == 0) SKIP("needs an ordinary user because root ignores RLIMIT_MEMLOCK");
  CHECK(hold_under_limit(0, false) == 0);
}

TEST_CASE("100,000 held secrets work when 64 KiB may be locked", "[unprivileged]") {
  if (::geteuid() == 0) SKIP("needs an ordinary user because root ignores RLIMIT_MEMLOCK");
  CHECK(hold_under_limit(65'536, false) == 0);
}

TEST_CASE("100,000 held secrets work with the system's own limit", "[unprivileged]") {
  if (::geteuid() == 0) SKIP("needs an ordinary user because root ignores RLIMIT_MEMLOCK");
  CHECK(hold_under_limit({}, false) == 0);
}

TEST_CASE("without memory a value throws and a buffer keeps its contents") {
  if (sanitized) SKIP("no limit on memory because a sanitizer maps its own");
  int status = in_child([] {
    SecretBuffer buffer;
    buffer.append("kept");
    std::string source(2'000'000, 's');
    rlimit none = {};
    if (::setrlimit(RLIMIT_AS, &none) != 0) return 2;
    try {
      SecretValue value(source);
      return 3;
    } catch (const std::bad_alloc&) {
    }
    try {
      buffer.append(source);
      return 4;
    } catch (const std::bad_alloc&) {
    }
    if (buffer.view() != "kept") return 5;
    try {
      auto value = SecretValue::take(std::move(source));
      return 6;
    } catch (const std::bad_alloc&) {
    }
    return source.empty() ? 0 : 7;
  });
  CHECK(status == 0);
}
