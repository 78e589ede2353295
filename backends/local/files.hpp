#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include <locket/random.hpp>
#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

/// Files as the store needs them: whose they are, made whole or not at all, synced with their folders. POSIX.
namespace locket::inline v1::local {

/// What stands at a path; for a link, the link.
struct FileStatus {
  enum class Type : std::uint8_t { File, Folder, Link, Other };
  Type type = Type::Other;
  bool mine = false;
  bool of_root = false;
  mode_t mode = 0;  ///< permission bits
  std::uint64_t size = 0;
};

/// None when there is nothing. Never opens the file, since closing it would drop SQLite's locks.
Result<std::optional<FileStatus>> look_at(const std::string& path, bool follow_links = false);

/// `path` made absolute, with the links in its folder resolved, but not the last part: so it stays the same file when
/// the working folder changes. The folder must exist (Unavailable, reason "local.no_store").
Result<std::string> resolve(const std::string& path);
/// `path` made absolute, links and all: a file that need not be there.
Result<std::string> absolute(const std::string& path);
/// Makes the folder that `path` is in, and those above it, for this user alone.
Result<void> make_folder_of(const std::string& path);
std::string folder_of(const std::string& path);

/// A file's contents, in the arena. LimitExceeded when there are more than `max` bytes. Not for databases. `read` is
/// told what was read, which need not be what `look_at` saw a moment ago.
Result<SecretBuffer> read_file(const std::string& path, bool follow_links, std::size_t max, FileStatus* read = nullptr);

/// An error of the operating system's; `what` is "write the key file '/x'". The number is errno's.
Error system_error(std::string_view what, int number);

/// A file that is under a temporary name beside its own until it is finished, for this user alone whatever the umask.
class NewFile {
 public:
  /// Makes it, empty, with a random part in the name.
  static Result<NewFile> make(const std::string& path, RandomSource& random);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  /// Removes it, and the journal that SQLite may have left, unless it was finished.
  ~NewFile();

  const std::string& temporary() const noexcept { return temporary_; }
  Result<void> write(std::string_view contents);
  /// Syncs it and gives it its name, unless there is something: then Conflict (reason "local.exists"), and what is
  /// there stays as it is. Syncs the folder; with Effect::Applied that failed, and the file is there.
  Result<void> finish();
  /// The same, but takes the place of what is there.
  Result<void> replace();

 private:
  NewFile(std::string path, std::string temporary) : path_(std::move(path)), temporary_(std::move(temporary)) {}
  Result<void> sync();

  std::string path_;
  std::string temporary_;
};

/// Syncs a folder, so that the names in it are durable.
Result<void> sync_folder(const std::string& folder);
/// Renames and syncs the folder; both are in the same one.
Result<void> rename_in_folder(const std::string& from, const std::string& to);

}  // namespace locket::inline v1::local
