#include "beneath.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#if __has_include(<linux/openat2.h>)
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

#include "status.hpp"

namespace locket::inline v1::dir {
namespace {

constexpr int max_links = 40;  // as in Linux

// Follows links itself: each step opens one part without following, from the folder that the step before opened, and a
// link's text takes the place of its name. So no step can leave what was entered, whatever is renamed meanwhile.
class Walk {
 public:
  Walk(int folder, int flags) : folder_(folder), flags_(flags) {}

  Outcome<Descriptor> run(std::string_view path) {
    if (const int error = expand(path)) return Failed{error};
    while (!parts_.empty()) {
      const std::string part = std::move(parts_.back());
      parts_.pop_back();
      const int error = step(part);
      if (error != 0) return Failed{error};
      if (found_) return std::move(*found_);
    }
    return opened_by([&] { return ::openat(here(), ".", flags_ | O_CLOEXEC); });
  }

 private:
  int here() const { return entered_.empty() ? folder_ : entered_.back().get(); }

  // Puts the parts of a path in front of what is still to go, whose next part stands last.
  int expand(std::string_view path) {
    if (path.empty()) return ENOENT;
    if (path.front() == '/') return EXDEV;
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= path.size();) {
      const auto end = std::min(path.find('/', begin), path.size());
      parts.emplace_back(path.substr(begin, end - begin));
      begin = end + 1;
    }
    parts_.insert(parts_.end(), std::move_iterator(parts.rbegin()), std::move_iterator(parts.rend()));
    return 0;
  }

  int step(const std::string& part) {
    if (part.empty() || part == ".") return 0;
    if (part == "..") return leave();
    auto link = read_link(here(), part);
    if (link) return ++links_ > max_links ? ELOOP : expand(*link);
    return link.error() == EINVAL ? enter(part) : link.error();
  }

  int leave() {
    if (entered_.empty()) return EXDEV;
    entered_.pop_back();
    return 0;
  }

  int enter(const std::string& part) {
    const bool last = parts_.empty();
    const int flags = (last ? flags_ : lookup | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC;
    auto next = opened_by([&] { return ::openat(here(), part.c_str(), flags); });
    if (!next && changed(next.error(), part)) return ++links_ > max_links ? ELOOP : expand(part);
    if (!next) return next.error();
    if (last) {
      found_ = *std::move(next);
    } else {
      entered_.push_back(*std::move(next));
    }
    return 0;
  }

  // Somebody put something else there since the look at it: a link, or a folder again after a link for a moment. One
  // look decides: between two of them it may change once more, and what is there all the time would seem to be nowhere.
  // Counted as a link, so that it ends.
  bool changed(int error, const std::string& part) const {
    if (error != ELOOP && error != ENOTDIR) return false;
    const auto now = status_at(here(), part, AT_SYMLINK_NOFOLLOW);
    return now && (S_ISLNK(now->st_mode) || S_ISDIR(now->st_mode));
  }

  int folder_;
  int flags_;
  int links_ = 0;
  std::vector<std::string> parts_;
  std::vector<Descriptor> entered_;
  std::optional<Descriptor> found_;
};

#if defined(SYS_openat2) && defined(RESOLVE_BENEATH)
Outcome<Descriptor> open_by_kernel(int folder, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<decltype(how.flags)>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  return opened_by([&] { return static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how)); });
}
#else
Outcome<Descriptor> open_by_kernel(int, const std::string&, int) {
  return Failed{ENOSYS};
}
#endif

// ENOSYS: an older kernel. EPERM: a sandbox that does not know the call. EAGAIN: something was renamed while the kernel
// went up a "..", and it cannot tell whether that led out.
bool kernel_cannot(int error) {
  return error == ENOSYS || error == EPERM || error == EAGAIN || error == ENAMETOOLONG;
}

}  // namespace

Outcome<Descriptor> open_beneath(int folder, const std::string& path, int flags, Way way) {
  if (way == Way::Kernel) {
    auto found = open_by_kernel(folder, path, flags);
    if (!kernel_cannot(found.error())) return found;
  }
  return Walk(folder, flags).run(path);
}

Outcome<std::string> read_link(int folder, const std::string& name) {
  std::array<char, PATH_MAX> text;
  const auto size = ::readlinkat(folder, name.c_str(), text.data(), text.size());
  if (size < 0) return Failed{errno};
  if (static_cast<std::size_t>(size) == text.size()) return Failed{ENAMETOOLONG};
  return std::string(text.data(), static_cast<std::size_t>(size));
}

}  // namespace locket::inline v1::dir
