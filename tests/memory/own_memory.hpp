#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <locket/secret_buffer.hpp>

/// Looks for a secret in all of the program's own memory. The secret is no constant anywhere: each of its characters is
/// computed where it is to live, and compared one by one, so that looking makes no copy.
namespace locket_test {

/// One of the secrets that a program may look for.
class Canary {
 public:
  static constexpr std::size_t size = 24;

  explicit Canary(std::uint64_t seed) : seed_(seed) {}

  void append_to(locket::SecretBuffer& buffer) const {
    for (std::size_t place = 0; place < size; ++place) buffer.push_back(letter(place));
  }

  /// How often it stands between the two.
  std::size_t count_in(const char* begin, const char* end) const {
    std::size_t count = 0;
    for (const char* at = begin; at + size <= end; ++at) {
      at = static_cast<const char*>(std::memchr(at, letter(0), static_cast<std::size_t>(end - at)));
      if (at == nullptr || at + size > end) break;
      std::size_t same = 0;
      while (same < size && at[same] == letter(same)) ++same;
      count += same == size ? 1U : 0U;
    }
    return count;
  }

  /// How often it stands in memory that can be written to; none of it is read but by /proc/self/mem, through a page
  /// that is wiped behind. What cannot be read (a page of a device) holds no secret. Ends the program when it cannot
  /// look.
  std::size_t count_in_memory() const {
    static std::vector<char> page(std::size_t{1} << 20U);
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (memory < 0) {
      std::perror("/proc/self/mem");
      ::_exit(1);
    }
    std::size_t count = 0;
    for (const Mapping& mapping : writable_mappings()) {
      for (std::uintptr_t at = mapping.begin; at < mapping.end; at += page.size() - size) {
        const std::size_t wanted = std::min<std::size_t>(page.size(), mapping.end - at);
        const ssize_t got = ::pread(memory, page.data(), wanted, static_cast<off_t>(at));
        if (got > 0) count += count_in(page.data(), page.data() + got);
        std::fill(page.begin(), page.end(), '\0');
      }
    }
    ::close(memory);
    return count;
  }

 private:
  struct Mapping {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
  };

  char letter(std::size_t place) const {
    const std::uint64_t mixed = (place + seed_) * 0x9E3779B97F4A7C15;
    return static_cast<char>('a' + (mixed ^ (mixed >> 29U)) % 26);
  }

  static std::vector<Mapping> writable_mappings() {
    std::vector<Mapping> mappings;
    std::FILE* maps = std::fopen("/proc/self/maps", "r");
    std::array<char, 512> line{};
    while (maps != nullptr && std::fgets(line.data(), line.size(), maps) != nullptr) {
      Mapping mapping;
      std::array<char, 5> rights{};
      const int read = std::sscanf(line.data(), "%lx-%lx %4s", &mapping.begin, &mapping.end, rights.data());
      if (read == 3 && rights[0] == 'r' && rights[1] == 'w') mappings.push_back(mapping);
    }
    if (maps != nullptr) std::fclose(maps);
    return mappings;
  }

  std::uint64_t seed_;
};

}  // namespace locket_test
