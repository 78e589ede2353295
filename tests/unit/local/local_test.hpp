#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <locket/backends/local.hpp>
#include <locket/backends/local_admin.hpp>

#include "unit/core/child.hpp"

namespace local_test {

namespace fs = std::filesystem;
using namespace locket;
using locket_test::in_child;

/// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "locket-local-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::permissions(path_, fs::perms::owner_all, ignored);
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string read_all(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void write_all(const std::string& path, std::string_view text, ::mode_t mode = 0600) {
  std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
  ::chmod(path.c_str(), mode);
}
/// Every file in the folder with its contents.
inline std::map<std::string, std::string> contents(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path().string()] = read_all(entry.path().string());
  }
  return files;
}
inline ::mode_t mode_of(const std::string& path) {
  struct stat found = {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

inline local::Options options(const Folder& folder, const std::string& name = "store.db") {
  local::Options options;
  options.path = folder.file(name);
  options.key = local::KeyFile{.path = folder.file(name + ".key")};
  return options;
}
inline local::Passphrase cheap(std::string_view text) {
  return {.text = SecretValue(text), .cost = {.memory_kib = 19456, .passes = 2, .lanes = 1}};
}

using Store = std::shared_ptr<SecretStore>;

/// Named so that CHECK's output says what failed.
template <class T>
std::string reason(const Result<T>& result) {
  return result ? "ok" : result.error().reason();
}
template <class T>
bool has_hint(const Result<T>& result) {
  return !result && !result.error().hint().empty() && !result.error().message().empty();
}
template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().to_string());
  return std::move(*result);
}
inline void must(const Result<void>& result) {
  if (!result) FAIL(result.error().to_string());
}

inline Store created(const Folder& folder, const std::string& name = "store.db") {
  return must(local::create(options(folder, name)));
}
inline Store opened(const Folder& folder, const std::string& name = "store.db") {
  return must(local::open(options(folder, name)));
}
inline std::string put(const Store& store, std::string_view name, std::string_view value) {
  return must(store->put(name, SecretData::bytes(value))).text();
}
/// The value, or the reason why there is none.
inline std::string get(const Store& store, std::string_view name, const GetOptions& which = {}) {
  auto secret = store->get(name, which);
  return secret ? std::string(secret->value().expose()) : secret.error().reason();
}
inline GetOptions at(std::string_view version) {
  return {.which = Version(std::string(version))};
}

/// What an attacker with the file, or another program, does.
class Raw {
 public:
  explicit Raw(const std::string& path) : database_(path, SQLite::OPEN_READWRITE) { database_.setBusyTimeout(5000); }

  void run(const std::string& sql) { database_.exec(sql); }
  std::string blob(const std::string& sql) {
    SQLite::Statement query(database_, sql);
    REQUIRE(query.executeStep());
    return query.getColumn(0).getString();
  }
  void run_with(const std::string& sql, const std::vector<std::string>& blobs) {
    SQLite::Statement query(database_, sql);
    for (std::size_t i = 0; i < blobs.size(); ++i) {
      query.bind(static_cast<int>(i + 1), blobs[i].data(), static_cast<int>(blobs[i].size()));
    }
    query.exec();
  }
  SQLite::Database& database() { return database_; }

 private:
  SQLite::Database database_;
};

/// Bytes from a counter; from the `fail_at`th call on, counted from 1, it fails.
class CountingRandom final : public RandomSource {
 public:
  explicit CountingRandom(int fail_at = 0) : fail_at_(fail_at) {}

  Result<void> fill(std::span<std::byte> out) override {
    ++calls_;
    if (fail_at_ != 0 && calls_ >= fail_at_) {
      return Error({.code = ErrorCode::Internal, .reason = "random.failed", .message = "no random bytes"});
    }
    for (std::byte& b : out) b = static_cast<std::byte>(next_++);
    return {};
  }
  int calls() const { return calls_; }
  void fail_at(int call) { fail_at_ = call, calls_ = 0; }

 private:
  int fail_at_;
  int calls_ = 0;
  unsigned next_ = 0;
};

/// Runs `body` in a child without root's rights, which would pass every check of permissions; returns its status.
template <class Body>
int unprivileged(const Folder& folder, Body body) {
  if (::geteuid() == 0) {
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      REQUIRE(::lchown(entry.path().c_str(), 65534, 65534) == 0);
    }
    REQUIRE(::chown(folder.path().c_str(), 65534, 65534) == 0);
  }
  return in_child([&] {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return 99;
    return body();
  });
}

}  // namespace local_test
