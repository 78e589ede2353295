#include "cli/whole_file.hpp"

#include <csignal>
#include <fstream>
#include <iterator>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

#include <locket/error.hpp>

#include "temporary_folder.hpp"

namespace {

using namespace locket::cli;
using locket::ErrorCode;
using Names = std::set<std::string>;

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

mode_t mode_of(const std::string& path) {
  struct stat status = {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

// No file of this process may grow beyond it.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t size) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit limit{.rlim_cur = size, .rlim_max = before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~SizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  SizeLimit(const SizeLimit&) = delete;
  SizeLimit& operator=(const SizeLimit&) = delete;

 private:
  rlimit before_ = {};
};

TEST_CASE("a file is written whole, for its owner alone") {
  const auto draft = GENERATE(Draft::Nameless, Draft::Hidden);
  const TemporaryFolder folder;
  const std::string path = folder.path("out");
  const mode_t umask_before = ::umask(0);
  const auto written = write_whole_file(path, "first", draft);
  ::umask(0777);
  const auto replaced = write_whole_file(folder.path("other"), "", draft);
  ::umask(umask_before);
  REQUIRE(written);
  REQUIRE(replaced);
  CHECK(read(path) == "first");
  CHECK(mode_of(path) == 0600);
  CHECK(mode_of(folder.path("other")) == 0600);
  CHECK(folder.names() == Names{"other", "out"});
}

TEST_CASE("a file that is there is replaced in one step: who has it open keeps the old one") {
  const auto draft = GENERATE(Draft::Nameless, Draft::Hidden);
  const TemporaryFolder folder;
  const std::string path = folder.path("out");
  write(path, "old and longer");
  std::ifstream reader(path);
  REQUIRE(write_whole_file(path, "new", draft));
  CHECK(read(path) == "new");
  CHECK(mode_of(path) == 0600);
  CHECK(std::string(std::istreambuf_iterator<char>(reader), {}) == "old and longer");
  CHECK(folder.names() == Names{"out"});
}

TEST_CASE("what does not fit leaves the old file, and nothing else") {
  const auto draft = GENERATE(Draft::Nameless, Draft::Hidden);
  const TemporaryFolder folder;
  const std::string path = folder.path("out");
  write(path, "old");
  {
    const SizeLimit limit(1000);
    const auto failed = write_whole_file(path, std::string(5000, 'x'), draft);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code() == ErrorCode::Internal);
    CHECK_FALSE(write_whole_file(folder.path("new"), std::string(5000, 'x'), draft));
  }
  CHECK(read(path) == "old");
  CHECK(folder.names() == Names{"out"});
}

TEST_CASE("only regular files are replaced") {
  const auto draft = GENERATE(Draft::Nameless, Draft::Hidden);
  const TemporaryFolder folder;
  write(folder.path("target"), "old");
  std::filesystem::create_symlink("target", folder.path("link"));
  std::filesystem::create_symlink("nowhere", folder.path("dangling"));
  std::filesystem::create_directory(folder.path("folder"));
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  const Names before = folder.names();
  for (const char* name : {"link", "dangling", "folder", "folder/", "folder/.", "pipe", ""}) {
    CAPTURE(name);
    const auto written = write_whole_file(folder.path(name), "new", draft);
    REQUIRE_FALSE(written);
    CHECK(written.error().code() == ErrorCode::InvalidArgument);
    CHECK_FALSE(written.error().hint().empty());
  }
  CHECK(folder.names() == before);
  CHECK(read(folder.path("target")) == "old");
}

TEST_CASE("a folder that is not there is not made") {
  const TemporaryFolder folder;
  CHECK(write_whole_file(folder.path("no/out"), "x").error().code() == ErrorCode::NotFound);
  CHECK(write_whole_file("", "x").error().code() == ErrorCode::InvalidArgument);
  CHECK(folder.names().empty());
}

TEST_CASE("signals come as before when the file is written") {
  const TemporaryFolder folder;
  sigset_t before = {};
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
  REQUIRE(write_whole_file(folder.path("out"), "x"));
  sigset_t after = {};
  ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGXFSZ}) {
    CHECK(::sigismember(&before, signal) == ::sigismember(&after, signal));
  }
  struct sigaction too_large = {};
  ::sigaction(SIGXFSZ, nullptr, &too_large);
  CHECK(too_large.sa_handler == SIG_DFL);
}

}  // namespace
