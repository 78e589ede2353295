#include "inherited_files.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace locket::cli {
namespace {

constexpr int first_other = STDERR_FILENO + 1;
// Without close_range(2) each number is one system call.
constexpr int most_single = 1 << 16;

struct Closed {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

bool closed_in_one_go([[maybe_unused]] int begin, [[maybe_unused]] int end) noexcept {
#ifdef SYS_close_range
  constexpr unsigned int close_on_exec = 1U << 2U;  // CLOSE_RANGE_CLOEXEC, which older headers do not have
  return ::syscall(SYS_close_range, static_cast<unsigned int>(begin), static_cast<unsigned int>(end - 1),
                   close_on_exec) == 0;
#else
  return false;
#endif
}

void close_at_exec(int begin, int end) noexcept {
  if (begin >= end || closed_in_one_go(begin, end)) return;
  for (int fd = begin; fd < std::min(end, most_single); ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

}  // namespace

InheritedFiles::InheritedFiles(std::optional<std::vector<int>> numbers) noexcept : numbers_(std::move(numbers)) {}

InheritedFiles InheritedFiles::now() {
  const std::unique_ptr<DIR, Closed> folder(::opendir("/dev/fd"));
  if (!folder) return InheritedFiles(std::nullopt);
  std::vector<int> numbers;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view name(entry->d_name);
    int fd = 0;
    std::from_chars(name.data(), name.data() + name.size(), fd);  // "." and ".." are none
    if (fd >= first_other && fd != ::dirfd(folder.get())) numbers.push_back(fd);
  }
  std::ranges::sort(numbers);
  return InheritedFiles(std::move(numbers));
}

void InheritedFiles::close_others_at_exec() const noexcept {
  if (!numbers_) return;
  int begin = first_other;
  for (const int fd : *numbers_) {
    close_at_exec(begin, fd);
    begin = fd + 1;
  }
  close_at_exec(begin, std::numeric_limits<int>::max());
}

}  // namespace locket::cli
