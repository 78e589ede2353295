#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace locket_test {

/// A new folder, removed in the end.
class Folder {
 public:
  Folder() {
    path_ = (std::filesystem::temp_directory_path() / "config-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + '/' + name; }
  /// Writes a file, and the folders that it stands in; nobody else may write it. Returns its path.
  std::string write(const std::string& name, const std::string& text) const {
    const std::string file = path_ + '/' + name;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file) << text;
    std::filesystem::permissions(file, std::filesystem::perms(0644));
    return file;
  }

 private:
  std::string path_;
};

}  // namespace locket_test
