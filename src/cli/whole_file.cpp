#include "whole_file.hpp"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <locket/random.hpp>

#include "descriptor.hpp"
#include "failure.hpp"
#include "text.hpp"
#include "write_all.hpp"

namespace locket::cli {
namespace {

constexpr mode_t private_mode = 0600;

// A folder that is to be written to need not be readable.
#if defined(O_PATH)
constexpr int lookup = O_PATH | O_DIRECTORY | O_CLOEXEC;
#else
constexpr int lookup = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
#endif

// While it lives, signals wait; only SIGKILL and SIGSTOP do not. A file that grows too large (ulimit -f) is an error
// and not the end of the program: its signal waits too, and is dropped while it is ignored.
class SignalsWait {
 public:
  SignalsWait() noexcept {
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGXFSZ, &ignore, &too_large_);
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  // In this order: what waits comes when the mask goes.
  ~SignalsWait() {
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    ::sigaction(SIGXFSZ, &too_large_, nullptr);
  }
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;

 private:
  sigset_t before_ = {};
  struct sigaction too_large_ = {};
};

// ".app.yaml.5f1c09e2", in the same folder, so that it can be renamed.
Result<std::string> draft_name(const std::string& name) {
  std::array<std::byte, 8> bytes{};
  if (auto filled = system_random()->fill(bytes); !filled) return std::move(filled).error();
  std::string draft = fmt::format(".{}.", name.substr(0, 200));
  for (const std::byte each : bytes) draft += fmt::format("{:02x}", std::to_integer<unsigned>(each));
  return draft;
}

class Writer {
 public:
  Writer(std::string path, const Descriptor& folder)
      : path_(std::move(path)), name_(path_.substr(path_.rfind('/') + 1)), folder_(folder.get()) {}
  ~Writer() {
    if (!draft_.empty()) ::unlinkat(folder_, draft_.c_str(), 0);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Result<void> run(std::string_view contents, Draft draft) {
    if (auto fit = look_at_target(); !fit) return fit;
    auto file = open_draft(draft);
    if (!file) return std::move(file).error();
    // Whatever the umask is.
    if (::fchmod(file->get(), private_mode) != 0) return failure(errno);
    if (const int error = write_all(file->get(), contents); error != 0) return failure(error);
    if (::fsync(file->get()) != 0) return failure(errno);
    return publish(file->get());
  }

 private:
  Error failure(int error) const { return system_failure(fmt::format("cannot write '{}'", printable(path_)), error); }

  Error unfit(std::string_view what, std::string hint) const {
    return usage(fmt::format("cannot write '{}': it is {}", printable(path_), what), std::move(hint));
  }

  Result<void> look_at_target() const {
    struct stat status = {};
    if (path_.empty()) return usage("a file without a name cannot be written", "give it one");
    if (name_.empty() || name_ == "." || name_ == "..") return unfit("a folder", "name a file in it");
    if (::fstatat(folder_, name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      return errno == ENOENT ? Result<void>() : failure(errno);
    }
    if (S_ISREG(status.st_mode)) return {};
    if (S_ISDIR(status.st_mode)) return unfit("a folder", "name a file in it");
    if (S_ISLNK(status.st_mode)) return unfit("a symbolic link", "name the file that it leads to");
    return unfit("no regular file", "leave -o out, and send standard output there");
  }

  // A file without a name gets one through /proc.
  static Descriptor open_nameless([[maybe_unused]] int folder) {
#if defined(O_TMPFILE)
    if (::access("/proc/self/fd", X_OK) == 0) {
      return Descriptor(::openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, private_mode));
    }
#endif
    return Descriptor(-1);
  }

  Result<Descriptor> open_draft(Draft draft) {
    if (draft == Draft::Nameless) {
      Descriptor file = open_nameless(folder_);
      if (file.get() >= 0) return file;
    }
    auto name = draft_name(name_);
    if (!name) return std::move(name).error();
    Descriptor file(::openat(folder_, name->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, private_mode));
    if (file.get() < 0) return failure(errno);
    draft_ = std::move(*name);
    return file;
  }

  bool link(int file, const std::string& name) const {
    const std::string nameless = fmt::format("/proc/self/fd/{}", file);
    return ::linkat(AT_FDCWD, nameless.c_str(), folder_, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
  }

  // A link takes no other file's place, only a rename does: over a file that is there, a draft without a name needs one
  // for the moment between the two.
  Result<void> publish(int file) {
    if (draft_.empty()) {
      if (link(file, name_)) return {};
      if (errno != EEXIST) return failure(errno);
      auto name = draft_name(name_);
      if (!name) return std::move(name).error();
      if (!link(file, *name)) return failure(errno);
      draft_ = std::move(*name);
    }
    if (::renameat(folder_, draft_.c_str(), folder_, name_.c_str()) != 0) return failure(errno);
    draft_.clear();
    return {};
  }

  const std::string path_;
  const std::string name_;
  const int folder_;
  std::string draft_;  // its name, while it has one
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Result<void> write_whole_file(const std::string& path, std::string_view contents, Draft draft) {
  const std::string parent = folder_of(path);
  const Descriptor folder(::open(parent.c_str(), lookup));
  if (folder.get() < 0) {
    return system_failure(fmt::format("cannot write '{}': the folder '{}'", printable(path), printable(parent)), errno);
  }
  const SignalsWait signals_wait;
  return Writer(path, folder).run(contents, draft);
}

}  // namespace locket::cli
