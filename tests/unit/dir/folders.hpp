#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <stdlib.h>
#include <sys/stat.h>

#include <locket/backends/dir.hpp>

#include "dir/dir_store.hpp"

/// Folders of files for tests, as the platforms mount them.
namespace folders {

namespace fs = std::filesystem;

/// A temporary folder.
class Folder {
 public:
  Folder() {
    std::string path = (fs::temp_directory_path() / "locket-dir-XXXXXX").string();
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(path_, ignored)) {
      if (!entry.is_symlink(ignored)) fs::permissions(entry, fs::perms::owner_all, ignored);
    }
    fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }
  fs::path operator/(std::string_view name) const { return path_ / name; }

  void write(const std::string& name, std::string_view bytes) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }
  void make(const std::string& name) const { fs::create_directories(path_ / name); }
  void link(const std::string& name, const fs::path& to) const {
    fs::create_directories((path_ / name).parent_path());
    fs::create_symlink(to, path_ / name);
  }
  /// So many empty files, and their names.
  std::vector<std::string> fill(const std::string& below, int count) const {
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) {
      names.push_back("f" + std::to_string(i));
      if (i == 0) write(below + "f0", "");
      if (i != 0) fs::create_hard_link(path_ / (below + "f0"), path_ / (below + names.back()));
    }
    return names;
  }
  void mode(const std::string& name, unsigned bits) const {
    fs::permissions(path_ / name, static_cast<fs::perms>(bits), fs::perm_options::replace);
  }

 private:
  fs::path path_;
};

/// A Kubernetes volume, published as kubelet's AtomicWriter does it.
class Volume {
 public:
  explicit Volume(fs::path path) : path_(std::move(path)) { fs::create_directories(path_); }

  /// Replaces everything that the volume holds.
  void publish(const std::map<std::string, std::string>& files) {
    const std::string generation = "..2026_01_01_00_00_00." + std::to_string(++generation_);
    fs::create_directories(path_ / generation);
    for (const auto& [name, bytes] : files) {
      fs::create_directories((path_ / generation / name).parent_path());
      std::ofstream(path_ / generation / name, std::ios::binary) << bytes;
    }
    fs::create_directory_symlink(generation, path_ / "..data_tmp");
    fs::rename(path_ / "..data_tmp", path_ / "..data");
    link_first_parts(files);
    if (!previous_.empty()) fs::remove_all(path_ / previous_);
    previous_ = generation;
  }

 private:
  // "db/password" is reached by the link "db".
  void link_first_parts(const std::map<std::string, std::string>& files) const {
    for (const auto& [name, bytes] : files) {
      const fs::path first = *fs::path(name).begin();
      if (!fs::exists(fs::symlink_status(path_ / first))) fs::create_symlink("..data" / first, path_ / first);
    }
  }

  fs::path path_;
  std::string previous_;
  int generation_ = 0;
};

inline std::shared_ptr<locket::SecretStore> open(const fs::path& path, locket::dir::Way way = locket::dir::Way::Kernel,
                                                 std::uint64_t max_value = 1U << 20U) {
  auto store = locket::dir::open({.path = path.string(), .max_value = max_value}, way);
  REQUIRE(store.ok());
  return *store;
}
inline std::shared_ptr<locket::SecretStore> open(const Folder& folder,
                                                 locket::dir::Way way = locket::dir::Way::Kernel) {
  return open(folder.path(), way);
}

/// The value, or the error's kind and reason.
inline std::string outcome(const locket::Result<locket::Secret>& secret) {
  if (secret) return std::string(secret->value().expose());
  return std::string(to_string(secret.error().code())) + " " + secret.error().reason();
}
template <class T>
std::string failure(const locket::Result<T>& result) {
  return result ? "ok" : std::string(to_string(result.error().code())) + " " + result.error().reason();
}

/// All names of a listing, page by page.
inline std::vector<std::string> names(locket::SecretStore& store, std::string_view prefix = "", std::size_t limit = 0) {
  std::vector<std::string> result;
  locket::ListOptions options{.limit = limit};
  do {
    auto page = store.list(prefix, options);
    REQUIRE(page.ok());
    for (const auto& info : page->items) result.push_back(info.name.text());
    options.page = page->next;
  } while (!options.page.empty());
  return result;
}

}  // namespace folders
