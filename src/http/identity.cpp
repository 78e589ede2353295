#include "http/identity.hpp"

#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "core/descriptor.hpp"
#include "core/read_to_end.hpp"

namespace locket::inline v1::http {
namespace {

constexpr std::size_t max_size = std::size_t{1} << 20U;
constexpr std::size_t key_place = 2;
constexpr std::array<std::string_view, 3> what = {"CA certificates", "client certificate", "client key"};
constexpr std::array<std::string_view, 3> marks = {"-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----",
                                                   "PRIVATE KEY-----"};

Error bad_file(const std::string& path, std::string_view why) {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "http.file",
                .message = fmt::format("'{}': {}", path, why),
                .hint = "name a file in PEM that this program may read"});
}

Error bad_file(const std::string& path, int error) {
  return bad_file(path, std::generic_category().message(error));
}

Error encrypted(const std::string& path) {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "http.client_certificate",
                .message = fmt::format("the client key '{}' is encrypted", path),
                .hint = "give a key without a passphrase, in a file that only this program may read"});
}

std::uint64_t nanoseconds(const timespec& time) noexcept {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(time.tv_nsec);
}

std::array<std::uint64_t, 5> stamp_of(const struct stat& found) noexcept {
  return {static_cast<std::uint64_t>(found.st_dev), static_cast<std::uint64_t>(found.st_ino),
          static_cast<std::uint64_t>(found.st_size), nanoseconds(found.st_mtim), nanoseconds(found.st_ctim)};
}

}  // namespace

Result<Identity> Identity::load(IdentityFiles files) {
  Identity identity;
  identity.paths_ = {std::move(files.ca), std::move(files.certificate), std::move(files.key)};
  for (std::size_t i = 0; i < identity.paths_.size(); ++i) {
    if (identity.paths_[i].empty()) continue;
    if (auto read = identity.read(i); !read) return std::move(read).error();
  }
  return identity;
}

// The stamp is that of the open file: of the bytes that were read, whatever is put in its place meanwhile.
Result<void> Identity::read(std::size_t which) {
  const std::string& path = paths_[which];
  const Descriptor file(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
  if (!file.ok()) return bad_file(path, errno);
  struct stat found = {};
  if (::fstat(file.get(), &found) != 0) return bad_file(path, errno);
  if (!S_ISREG(found.st_mode)) return bad_file(path, "it is no file");
  stamps_[which] = stamp_of(found);
  SecretBuffer& contents = contents_[which];
  if (const int error = read_to_end(file.get(), static_cast<std::size_t>(found.st_size), max_size, contents)) {
    return bad_file(path, error);
  }
  if (contents.view().find(marks[which]) == std::string_view::npos) {
    return bad_file(path, fmt::format("there is no {} in it", what[which]));
  }
  const bool locked = which == key_place && contents.view().find("ENCRYPTED") != std::string_view::npos;
  return locked ? Result<void>(encrypted(path)) : Result<void>();
}

bool Identity::outdated() const noexcept {
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    if (paths_[i].empty()) continue;
    struct stat found = {};
    if (::stat(paths_[i].c_str(), &found) != 0 || stamp_of(found) != stamps_[i]) return true;
  }
  return false;
}

}  // namespace locket::inline v1::http
