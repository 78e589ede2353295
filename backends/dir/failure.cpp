#include "failure.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace locket::inline v1::dir {
namespace {

std::string system_message(int error) {
  return std::generic_category().message(error);
}

// "'db/password'", or DIR itself.
std::string subject(std::string_view name, const std::string& where, std::string_view path) {
  if (name.empty() && where.empty()) return printable(path);
  const bool apart = !where.empty() && !name.empty() && !name.ends_with('/');
  return fmt::format("'{}{}{}'", name, apart ? "/" : "", printable(where));
}

Error not_found(std::string_view name, std::string_view path) {
  const bool reserved = name.starts_with("..") || name.find("/..") != std::string_view::npos;
  return Error({.code = ErrorCode::NotFound,
                .message = fmt::format("no file '{}' in {}", name, printable(path)),
                .hint = reserved ? "names with a part that begins with '..' are Kubernetes' own; leave that part out"
                                 : "names are paths of files below that folder; list the ones that there are"});
}

Error no_files(std::string_view name) {
  return Error({.code = ErrorCode::NotFound,
                .reason = "dir.no_files",
                .message = fmt::format("the folder '{}' holds no files", name),
                .hint = fmt::format("list the names in '{}/', and read one of those", name)});
}

Error denied(const std::string& what, int error) {
  return Error({.code = ErrorCode::PermissionDenied,
                .reason = "dir.denied",
                .message = fmt::format("may not read {}: {}", what, system_message(error)),
                .hint = "let this process's user read the file and enter its folders (in Kubernetes: defaultMode and "
                        "fsGroup)"});
}

Error misplaced(std::string reason, std::string message, std::string hint) {
  return Error({.code = ErrorCode::Integrity,
                .reason = std::move(reason),
                .message = std::move(message),
                .hint = std::move(hint)});
}

Error exceeded(std::string reason, std::string message, std::string hint) {
  return Error({.code = ErrorCode::LimitExceeded,
                .reason = std::move(reason),
                .message = std::move(message),
                .hint = std::move(hint)});
}

Error changing(const std::string& what) {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "dir.changing",
                .message = fmt::format("{} kept changing while it was read", what),
                .hint = "try again; if it stays so, look at what writes there"});
}

Error no_generation(const std::string& what) {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "dir.no_generation",
                .message = fmt::format("a '..data' on the way to {} leads nowhere", what),
                .hint = "look at the Kubernetes volume that is mounted there: its files are gone"});
}

Error broken(const std::string& what, int error) {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "dir.io",
                .message = fmt::format("cannot read {}: {}", what, system_message(error)),
                .hint = "look at the file system that is mounted there"});
}

}  // namespace

Error entry_failure(const Failed& failed, std::string_view name, std::string_view path) {
  const std::string what = subject(name, failed.where, path);
  switch (failed.error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG: return not_found(name, path);
    case ENODATA: return no_files(name);
    case EACCES:
    case EPERM: return denied(what, failed.error);
    case EXDEV:
      return misplaced("dir.link_outside", fmt::format("a link at {} leads out of {}", what, printable(path)),
                       "make it a relative link to something below that folder, or open the folder that it leads to");
    case ELOOP:
      return misplaced("dir.link_loop", fmt::format("the links at {} lead to each other", what), "repair the links");
    case ENXIO:
      return misplaced("dir.not_a_file", fmt::format("{} is neither a file nor a folder", what),
                       "secrets are regular files");
    case EFBIG:
      return exceeded("dir.too_large", fmt::format("{} is larger than this store allows", what),
                      "read the folder's files one by one; a program may raise `max_value`");
    case EOVERFLOW:
      return exceeded("dir.too_many_files", fmt::format("a folder at {} holds more files than this store allows", what),
                      "read its files one by one; a program may raise `max_entries`");
    case EAGAIN:
    case ESTALE: return changing(what);
    case ENOLINK: return no_generation(what);
    default: return broken(what, failed.error);
  }
}

Error root_failure(int error, std::string_view path, ErrorCode missing) {
  if (error == EACCES || error == EPERM) return denied(printable(path), error);
  if (error != ENOENT && error != ENOTDIR) return broken(printable(path), error);
  return Error({.code = missing,
                .reason = "dir.missing",
                .message = fmt::format("there is no folder {}", printable(path)),
                .hint = "check the path, and that what mounts it has run"});
}

}  // namespace locket::inline v1::dir
