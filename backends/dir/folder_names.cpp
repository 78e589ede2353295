#include "folder_names.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <dirent.h>
#include <fcntl.h>

namespace locket::inline v1::dir {
namespace {

constexpr int max_readings = 3;

struct CloseStream {
  void operator()(DIR* stream) const noexcept { ::closedir(stream); }
};
using Stream = std::unique_ptr<DIR, CloseStream>;

Outcome<Stream> stream_of(int folder) {
  auto opened = opened_by([&] { return ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (!opened) return opened.failed();
  Stream stream(::fdopendir(opened->get()));
  if (!stream) return Failed{errno};
  opened->release();
  return stream;
}

Listed listed_as(std::string name, mode_t mode) {
  struct stat status = {};
  status.st_mode = mode;
  return {.name = std::move(name), .kind = kind_of(status), .link = S_ISLNK(mode)};
}

// Not every file system tells what its entries are.
Outcome<Listed> classify(int folder, const dirent& entry) {
  std::string name = entry.d_name;
  if (entry.d_type != DT_UNKNOWN) return listed_as(std::move(name), static_cast<mode_t>(DTTOIF(entry.d_type)));
  const auto status = status_at(folder, name, AT_SYMLINK_NOFOLLOW);
  if (!status) return status.failed();
  return listed_as(std::move(name), status->st_mode);
}

// Appends what one reading of the folder gives.
int read_names(int folder, std::uint64_t max_entries, std::vector<Listed>& names) {
  auto stream = stream_of(folder);
  if (!stream) return stream.error();
  const auto before = names.size();
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream->get());
    if (entry == nullptr) return errno;
    if (hidden(entry->d_name) || std::string_view(entry->d_name) == ".") continue;
    auto listed = classify(folder, *entry);
    if (!listed && listed.error() != ENOENT) return listed.error();
    if (listed) names.push_back(*std::move(listed));
    if (names.size() - before > max_entries) return EOVERFLOW;
  }
}

}  // namespace

// A name that is replaced (by a rename over it) while a folder is read may be missed, for POSIX calls that removed and
// added; so a folder that changed is read again, and both readings count.
Outcome<std::vector<Listed>> folder_names(int folder, std::uint64_t max_entries) {
  std::vector<Listed> names;
  for (int reading = 0; reading < max_readings; ++reading) {
    const auto before = status_of(folder);
    if (const int error = read_names(folder, max_entries, names); error != 0) return Failed{error};
    const auto after = status_of(folder);
    sort_out(names);
    if (before && after && identity_of(*before) == identity_of(*after)) break;
  }
  return names;
}

void sort_out(std::vector<Listed>& names) {
  std::sort(names.begin(), names.end(), [](const Listed& a, const Listed& b) { return a.name < b.name; });
  const auto same = [](const Listed& a, const Listed& b) { return a.name == b.name; };
  names.erase(std::unique(names.begin(), names.end(), same), names.end());
}

}  // namespace locket::inline v1::dir
