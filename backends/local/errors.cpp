#include "errors.hpp"

#include <fmt/format.h>

namespace locket::inline v1::local {

Error integrity_error(std::string_view what) {
  return Error({.code = ErrorCode::Integrity,
                .reason = "local.integrity",
                .message = fmt::format("{} was damaged or tampered with", what),
                .hint = "verify the store to see what else is, and restore a backup"});
}

Error damaged_file(std::string_view what) {
  return Error({.code = ErrorCode::Integrity,
                .reason = "local.damaged_file",
                .message = fmt::format("the store's file is damaged: {}", what),
                .hint = "check the disk, and restore a backup"});
}

Error damaged_header(std::string_view what) {
  return Error({.code = ErrorCode::Integrity,
                .reason = "local.damaged_header",
                .message = fmt::format("the store's header is damaged: {}", what),
                .hint = "no key opens it as it is; restore a backup"});
}

Error foreign_file(std::string_view path, std::string_view what) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "local.foreign_file",
                .message = fmt::format("'{}' is no locket store: {}", path, what),
                .hint = "check the path; a new store needs a path where there is nothing"});
}

Error newer_format(std::string_view path) {
  return Error({.code = ErrorCode::NotSupported,
                .reason = "local.newer_format",
                .message = fmt::format("'{}' was made by a newer version of locket", path),
                .hint = "update this program"});
}

Error wal_file(std::string_view path) {
  return Error({.code = ErrorCode::NotSupported,
                .reason = "local.wal",
                .message = fmt::format("another program switched '{}' to write-ahead logging", path),
                .hint = "end that program and run `PRAGMA journal_mode=DELETE` on the file with the sqlite3 shell"});
}

Error schema_error() {
  return Error({.code = ErrorCode::Integrity,
                .reason = "local.schema",
                .message = "the store's tables are not as locket makes them",
                .hint = "another program changed the file; restore a backup"});
}

Error wrong_key() {
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "local.wrong_key",
                .message = "the key does not open this store",
                .hint = "give the key or passphrase that it was made with, or last rekeyed to; an altered header "
                        "looks the same"});
}

Error wrong_key_kind(std::string_view wanted) {
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "local.wrong_key_kind",
                .message = fmt::format("this store is opened with {}", wanted),
                .hint = fmt::format("name {} as the key's source", wanted)});
}

Error key_changed() {
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "local.key_changed",
                .message = "the store got a new root key since it was opened",
                .hint = "open the store again, with the new key"});
}

Error rolled_back(std::string_view seen_by) {
  return Error({.code = ErrorCode::Integrity,
                .reason = "local.rolled_back",
                .message = fmt::format("the store's file is older than {} has seen it", seen_by),
                .hint = "find out who put an old copy in its place; if it was a backup that you restored, open the "
                        "store again, with a new anchor if it has one"});
}

Error with_effect(Error error, Effect effect) {
  error.details().effect = effect;
  return error;
}

Error invalid_option(std::string message, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "local.option",
                .message = std::move(message),
                .hint = std::move(hint)});
}

}  // namespace locket::inline v1::local
