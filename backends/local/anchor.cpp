#include "anchor.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/descriptor.hpp"
#include "crypto/sha256.hpp"
#include "errors.hpp"
#include "files.hpp"

namespace locket::inline v1::local {
namespace {

constexpr std::string_view magic = "lkanchr1";
constexpr std::size_t anchor_size = 72;
constexpr std::chrono::milliseconds nap{2};

Error anchor_error(std::string message, std::string hint) {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "local.anchor",
                .message = std::move(message),
                .hint = std::move(hint),
                .retryable = false});
}

// flock(2) on a file of its own: the anchor itself is replaced with every write. Given back with the descriptor.
Result<Descriptor> take_lock(const Anchor::Settings& settings) {
  const std::string path = settings.path + ".lock";
  Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.ok()) return system_error(fmt::format("lock the anchor '{}'", settings.path), errno);
  const auto until = std::chrono::steady_clock::now() + settings.patience;
  while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error("lock the anchor", errno);
    if (std::chrono::steady_clock::now() >= until) {
      return anchor_error(fmt::format("the anchor '{}' is locked by another process", settings.path),
                          "find who keeps it locked");
    }
    std::this_thread::sleep_for(nap);
  }
  return lock;
}

}  // namespace

Result<void> check_not_older(const Mark& found, const Mark& seen, std::string_view seen_by) {
  const bool older = found.generation < seen.generation;
  const bool other = found.generation == seen.generation && found.state != seen.state;
  return older || other ? rolled_back(seen_by) : Result<void>();
}

Result<void> Watermark::check(const Mark& found) {
  const std::lock_guard lock(mutex_);
  if (seen_) {
    if (auto good = check_not_older(found, *seen_, "this process"); !good) return good;
  }
  seen_ = found;
  return {};
}

void Watermark::raise(const Mark& committed) {
  const std::lock_guard lock(mutex_);
  if (!seen_ || seen_->generation < committed.generation) seen_ = committed;
}

Result<std::string> Anchor::encode(const Mark& mark) const {
  std::string bytes;
  Writer writer(bytes);
  writer.raw(magic).raw(settings_.store).number(mark.generation).raw(mark.state);
  auto sum = crypto::sha256({bytes_of(bytes)});
  if (!sum) return std::move(sum).error();
  writer.raw(Bytes(*sum).first(8));
  return bytes;
}

Result<std::optional<Mark>> Anchor::read() {
  auto status = look_at(settings_.path);
  if (!status) return std::move(status).error();
  if (!*status) return std::optional<Mark>();
  auto contents = read_file(settings_.path, false, anchor_size);
  if (!contents) return std::move(contents).error();
  Reader reader(bytes_of(contents->view()));
  const Bytes head = reader.raw(magic.size());
  const StoreId store = reader.array<sizeof(StoreId)>();
  Mark mark{.generation = reader.number<std::uint64_t>(), .state = reader.array<sizeof(Digest)>()};
  auto expected = encode(mark);
  if (!expected) return std::move(expected).error();
  if (text_of(head) == magic && !reader.failed() && store != settings_.store) {
    return anchor_error(fmt::format("the anchor '{}' is another store's", settings_.path), "name this store's own");
  }
  if (*expected != contents->view()) {
    return anchor_error(
        fmt::format("'{}' is no anchor, or a damaged one", settings_.path),
        "check the path; to begin anew, move it away, and let a program open the store with `start_anchor`");
  }
  return std::optional(mark);
}

Error Anchor::missing() const {
  return Error(
      {.code = ErrorCode::Unavailable,
       .reason = "local.anchor_missing",
       .message = fmt::format("there is no anchor '{}'", settings_.path),
       .hint = "check the path; if the store is known to be the latest, let a program open it once with `start_anchor`",
       .retryable = false});
}

Result<void> Anchor::start(const Mark& mark) {
  auto bytes = encode(mark);
  if (!bytes) return std::move(bytes).error();
  auto file = NewFile::make(settings_.path, *settings_.random);
  if (!file) return std::move(file).error();
  if (auto written = file->write(*bytes); !written) return written;
  return file->finish();
}

Result<void> Anchor::check(const Mark& found) {
  auto seen = read();
  if (!seen) return std::move(seen).error();
  return *seen ? check_not_older(found, **seen, "the anchor") : missing();
}

Result<void> Anchor::advance(const Mark& committed) {
  auto lock = take_lock(settings_);
  if (!lock) return std::move(lock).error();
  auto seen = read();
  if (!seen) return std::move(seen).error();
  // It is begun when that was asked for, and not where a disk is not mounted.
  if (!*seen) return missing();
  if ((*seen)->generation >= committed.generation) return {};
  auto bytes = encode(committed);
  if (!bytes) return std::move(bytes).error();
  auto file = NewFile::make(settings_.path, *settings_.random);
  if (!file) return std::move(file).error();
  if (auto written = file->write(*bytes); !written) return written;
  return file->replace();
}

}  // namespace locket::inline v1::local
