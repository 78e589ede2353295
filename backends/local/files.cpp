#include "files.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/descriptor.hpp"
#include "core/read_to_end.hpp"
#include "errors.hpp"

namespace locket::inline v1::local {
namespace {

namespace fs = std::filesystem;

FileStatus status_of(const struct stat& found) {
  using Type = FileStatus::Type;
  FileStatus status;
  if (S_ISREG(found.st_mode)) status.type = Type::File;
  if (S_ISDIR(found.st_mode)) status.type = Type::Folder;
  if (S_ISLNK(found.st_mode)) status.type = Type::Link;
  status.mine = found.st_uid == ::geteuid();
  status.of_root = found.st_uid == 0;
  status.mode = found.st_mode & 07777;
  status.size = static_cast<std::uint64_t>(found.st_size);
  return status;
}

ErrorCode code_of(int number) {
  switch (number) {
    case EACCES:
    case EPERM:
    case EROFS: return ErrorCode::PermissionDenied;
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG: return ErrorCode::InvalidArgument;
    default: return ErrorCode::Unavailable;
  }
}

const char* reason_of(int number) {
  switch (number) {
    case EROFS: return "local.read_only";
    case ENOSPC:
    case EDQUOT: return "local.no_space";
    case EIO: return "local.io";
    default: return "local.file_access";
  }
}

Result<std::string> random_suffix(RandomSource& random) {
  std::array<std::byte, 8> bytes{};
  if (auto filled = random.fill(bytes); !filled) return std::move(filled).error();
  std::string text;
  for (std::byte b : bytes) text += fmt::format("{:02x}", static_cast<unsigned>(b));
  return text;
}

Error exists(const std::string& path) {
  return Error({.code = ErrorCode::Conflict,
                .reason = "local.exists",
                .message = fmt::format("there is something at '{}' already", path),
                .hint = "choose another path, or move away what is there"});
}

}  // namespace

Error system_error(std::string_view what, int number) {
  return Error({.code = code_of(number),
                .reason = reason_of(number),
                .message = fmt::format("cannot {}: {}", what, std::generic_category().message(number)),
                .hint = "check the path, its permissions, and the disk"});
}

Result<std::optional<FileStatus>> look_at(const std::string& path, bool follow_links) {
  struct stat found = {};
  const int failed = follow_links ? ::stat(path.c_str(), &found) : ::lstat(path.c_str(), &found);
  if (failed == 0) return std::optional(status_of(found));
  if (errno == ENOENT || errno == ENOTDIR) return std::optional<FileStatus>();
  return system_error(fmt::format("look at '{}'", path), errno);
}

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

Result<std::string> resolve(const std::string& path) {
  std::error_code failed;
  const fs::path folder = fs::canonical(folder_of(path), failed);
  if (!failed) return (folder / fs::path(path).filename()).string();
  if (failed.value() != ENOENT && failed.value() != ENOTDIR) {
    return system_error(fmt::format("look at '{}'", path), failed.value());
  }
  return Error({.code = ErrorCode::Unavailable,
                .reason = "local.no_store",
                .message = fmt::format("there is no folder for '{}'", path),
                .hint = "check the path, or create the store: `locket init`, in a program `create`",
                .retryable = false});
}

Result<std::string> absolute(const std::string& path) {
  if (path.starts_with('/')) return path;
  std::error_code failed;
  const fs::path whole = fs::absolute(path, failed);
  if (failed) return system_error(fmt::format("find the folder of '{}'", path), failed.value());
  return whole.string();
}

Result<void> make_folder_of(const std::string& path) {
  const fs::path folder = folder_of(path);
  fs::path made;
  for (const fs::path& part : folder) {
    made /= part;
    if (::mkdir(made.c_str(), 0700) == 0 || errno == EEXIST) continue;
    const int number = errno;
    std::error_code ignored;  // a folder above that may not be looked into is no obstacle
    if (!fs::is_directory(made, ignored))
      return system_error(fmt::format("make the folder '{}'", made.string()), number);
  }
  return {};
}

Result<SecretBuffer> read_file(const std::string& path, bool follow_links, std::size_t max, FileStatus* read) {
  const int links = follow_links ? 0 : O_NOFOLLOW;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | links));
  if (!file.ok()) return system_error(fmt::format("read '{}'", path), errno);
  struct stat found = {};
  if (::fstat(file.get(), &found) != 0) return system_error(fmt::format("look at '{}'", path), errno);
  if (read != nullptr) *read = status_of(found);
  SecretBuffer contents;
  const int failed = read_to_end(file.get(), max, max, contents);
  if (failed == 0) return contents;
  if (failed != EFBIG) return system_error(fmt::format("read '{}'", path), failed);
  return Error({.code = ErrorCode::LimitExceeded, .message = fmt::format("'{}' is longer than {} bytes", path, max)});
}

Result<NewFile> NewFile::make(const std::string& path, RandomSource& random) {
  auto suffix = random_suffix(random);
  if (!suffix) return std::move(suffix).error();
  const std::string temporary = fmt::format("{}.tmp-{}", path, *suffix);
  const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.ok()) return system_error(fmt::format("make a file beside '{}'", path), errno);
  NewFile made(path, temporary);
  // The umask may have taken away even the owner's rights.
  if (::fchmod(file.get(), 0600) != 0) return system_error(fmt::format("set the mode of '{}'", temporary), errno);
  return made;
}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, {})) {}

NewFile::~NewFile() {
  if (temporary_.empty()) return;
  ::unlink((temporary_ + "-journal").c_str());
  ::unlink(temporary_.c_str());
}

Result<void> NewFile::write(std::string_view contents) {
  const Descriptor file(::open(temporary_.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.ok()) return system_error(fmt::format("write '{}'", temporary_), errno);
  while (!contents.empty()) {
    const auto n = uninterrupted([&] { return ::write(file.get(), contents.data(), contents.size()); });
    if (n < 0) return system_error(fmt::format("write '{}'", temporary_), errno);
    contents.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> NewFile::sync() {
  const Descriptor file(::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.ok() || ::fsync(file.get()) != 0) return system_error(fmt::format("sync '{}'", temporary_), errno);
  return {};
}

// link(2) and not rename(2): it refuses to take the place of anything.
Result<void> NewFile::finish() {
  if (auto synced = sync(); !synced) return synced;
  if (::link(temporary_.c_str(), path_.c_str()) != 0) {
    return errno == EEXIST ? exists(path_) : system_error(fmt::format("make '{}'", path_), errno);
  }
  // Otherwise the destructor tries once more: the second name would be a copy of a key that nobody knows of.
  if (::unlink(temporary_.c_str()) == 0) temporary_.clear();
  auto synced = sync_folder(folder_of(path_));
  return synced ? std::move(synced) : with_effect(std::move(synced).error(), Effect::Applied);
}

Result<void> NewFile::replace() {
  if (auto synced = sync(); !synced) return synced;
  if (auto renamed = rename_in_folder(temporary_, path_); !renamed) return renamed;
  temporary_.clear();
  return {};
}

Result<void> sync_folder(const std::string& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync a folder, and say so: then their names are durable by themselves, or never.
  if (opened.ok() && (::fsync(opened.get()) == 0 || errno == EINVAL)) return {};
  return system_error(fmt::format("sync the folder '{}'", folder), errno);
}

Result<void> rename_in_folder(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return system_error(fmt::format("rename '{}' to '{}'", from, to), errno);
  return sync_folder(folder_of(to));
}

}  // namespace locket::inline v1::local
