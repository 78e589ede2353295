#include "fields.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "file.hpp"

namespace locket::inline v1::dir {
namespace {

constexpr std::size_t max_fields = 1000;

// What vanished since it was listed is no field; the second look sees whether that matters.
int append_file(const Tree& tree, const View& folder, const Listed& listed, std::vector<Entry>& files) {
  if (listed.kind != Kind::File && !listed.link) return 0;
  auto entry = tree.find(folder, listed.name);
  if (!entry) return entry.error() == ENOENT ? 0 : entry.error();
  if (entry->kind == Kind::File) files.push_back(*std::move(entry));
  return files.size() > max_fields ? EOVERFLOW : 0;
}

bool fit(const std::vector<Entry>& files, std::uint64_t limit) {
  for (const Entry& file : files) {
    if (file.identity.size > limit) return false;
    limit -= file.identity.size;
  }
  return true;
}

}  // namespace

Outcome<std::vector<Entry>> field_files(const Tree& tree, const View& folder, const Stopped& stopped) {
  const auto names = tree.names(folder);
  if (!names) return names.failed();
  std::vector<Entry> files;
  for (const Listed& listed : *names) {
    if (stopped()) return Failed{ECANCELED};
    if (const int error = append_file(tree, folder, listed, files); error != 0) return Failed{error, listed.name};
  }
  if (files.empty()) return Failed{ENODATA};
  return files;
}

Outcome<std::vector<Field>> read_fields(const Tree& tree, const View& folder, const std::vector<Entry>& files,
                                        std::uint64_t limit, const Stopped& stopped) {
  if (!fit(files, limit)) return Failed{EFBIG};
  std::vector<Field> fields;
  std::uint64_t left = limit;  // a file may hold more than its size says
  for (const Entry& file : files) {
    if (stopped()) return Failed{ECANCELED};
    const auto opened = tree.open(file);
    if (!opened) return Failed{opened.error(), file.name};
    auto value = read_file(*opened, file.identity, left);
    if (!value) return Failed{value.error(), file.name};
    left -= value->size();
    fields.push_back({file.name, *std::move(value)});
  }
  const auto again = field_files(tree, folder, stopped);
  if (!again && again.error() != ENODATA) return again.failed();
  if (!again || *again != files) return Failed{EAGAIN};
  return fields;
}

Clock::Wall newest(const std::vector<Entry>& files) {
  const auto later = [](Clock::Wall time, const Entry& file) { return std::max(time, file.identity.modified); };
  return std::accumulate(files.begin(), files.end(), Clock::Wall::min(), later);
}

}  // namespace locket::inline v1::dir
