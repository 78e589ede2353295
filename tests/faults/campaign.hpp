#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define LOCKET_UNDER_SANITIZER
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LOCKET_UNDER_SANITIZER
#endif

namespace faults {

/// Whether a sanitizer has put its own functions and its own memory around this program.
#if defined(LOCKET_UNDER_SANITIZER)
inline constexpr bool under_sanitizer = true;
#else
inline constexpr bool under_sanitizer = false;
#endif

/// The number in an environment variable, or `otherwise` when it is not set.
inline std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr && *text != '\0' ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// The seed of everything random in a campaign: LOCKET_FAULT_SEED, or another one each time, which is printed.
inline std::uint64_t seed_for(const char* campaign) {
  const std::uint64_t seed = number_from("LOCKET_FAULT_SEED", std::random_device{}());
  std::printf("%s: LOCKET_FAULT_SEED=%llu\n", campaign, static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  return seed;
}

/// Puts the temporary folders to come where a sync costs nothing, if there is such a place: what is killed cannot tell
/// (the kernel lives on), and what is only read does not mind.
inline void work_in_memory() {
  const char* present = std::getenv("TMPDIR");
  if (present != nullptr && std::string_view(present).starts_with("/dev/shm")) return;
  if (::access("/dev/shm", W_OK | X_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 1);
}

using Random = std::mt19937_64;

/// From 0 to `below` - 1. Not std::uniform_int_distribution: a seed means the same everywhere.
inline std::size_t pick(Random& random, std::size_t below) {
  return static_cast<std::size_t>(random() % below);
}

/// Tells at its end what was done, and in how many seconds.
class Tally {
 public:
  void print(const std::string& what) const {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
    std::printf("%s, in %.1f s\n", what.c_str(), took.count());
    std::fflush(stdout);
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace faults
