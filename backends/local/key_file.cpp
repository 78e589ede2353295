#include "key_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "crypto/key_text.hpp"
#include "errors.hpp"
#include "files.hpp"

namespace locket::inline v1::local {
namespace {

Error refused(const char* reason, std::string message, std::string hint) {
  return Error(
      {.code = ErrorCode::Unauthenticated, .reason = reason, .message = std::move(message), .hint = std::move(hint)});
}

Error wrong_format(const std::string& path) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "local.key_file_format",
                .message = fmt::format("'{}' is no key file", path),
                .hint = "a key file is one line, 'locket-key-1:' and 48 characters; a passphrase is given otherwise"});
}

Result<void> check_rights(const std::string& path, const FileStatus& status, KeyFilePolicy policy) {
  const bool own = policy == KeyFilePolicy::Own;
  if (!status.mine && (own || !status.of_root)) {
    return refused("local.key_file_owner", fmt::format("the key file '{}' belongs to another user", path),
                   "make it this user's, or make a new key");
  }
  const mode_t forbidden = own ? S_IRWXG | S_IRWXO : S_IWGRP | S_IWOTH;
  if ((status.mode & forbidden) == 0) return {};
  return refused(
      "local.key_file_mode", fmt::format("others may {} the key file '{}'", own ? "use" : "write", path),
      fmt::format("run `chmod 600 {}`{}", path, own ? "; for a mounted secret set key-file-policy=mounted" : ""));
}

// Whether a key may be taken from what stands there, or was read.
Result<void> check(const KeyFile& file, const FileStatus& found) {
  if (found.type != FileStatus::Type::File) {
    const bool link = found.type == FileStatus::Type::Link;
    return refused("local.key_file_type",
                   fmt::format("the key file '{}' is {}", file.path, link ? "a link" : "no file"),
                   link ? "name the file itself; for a mounted secret set key-file-policy=mounted"
                        : "name a file with one line, as `locket init` makes it");
  }
  if (auto good = check_rights(file.path, found, file.policy); !good) return good;
  return found.size == crypto::key_text_size ? Result<void>() : wrong_format(file.path);
}

// Before it is opened: a store named by mistake would lose its locks when we close it.
Result<void> look(const KeyFile& file) {
  const bool own = file.policy == KeyFilePolicy::Own;
  auto status = look_at(file.path, !own);
  if (!status) return std::move(status).error();
  if (!*status) {
    return refused("local.key_file_missing", fmt::format("there is no key file '{}'", file.path),
                   "check the path; without its key a store cannot be read");
  }
  return check(file, **status);
}

}  // namespace

std::string next_of(const std::string& key_path) {
  return key_path + ".next";
}

Result<void> refuse_unfinished(const std::string& key_path) {
  const std::string next = next_of(key_path);
  auto status = look_at(next);
  if (!status) return std::move(status).error();
  if (!*status) return {};
  return Error({.code = ErrorCode::Conflict,
                .reason = "local.key_file_exists",
                .message = fmt::format("there is a file '{}' already, from a rekey that was interrupted", next),
                .hint = fmt::format("open the store that it is for, which finishes the rekey; move '{}' away if there "
                                    "is none",
                                    next)});
}

Result<crypto::Key> read_key_file(const KeyFile& file) {
  if (auto good = look(file); !good) return std::move(good).error();
  FileStatus read;
  auto contents = read_file(file.path, file.policy == KeyFilePolicy::Mounted, crypto::key_text_size, &read);
  if (!contents) return std::move(contents).error();
  // Again: whoever may write the folder may have put another file there meanwhile.
  if (auto good = check(file, read); !good) return std::move(good).error();
  auto key = crypto::parse_key_file(contents->view());
  if (!key && key.error().code() == ErrorCode::InvalidArgument) return wrong_format(file.path);
  return key;
}

Result<void> write_key_file(const std::string& path, const crypto::Key& key, RandomSource& random) {
  auto text = crypto::encode_key(key);
  if (!text) return std::move(text).error();
  auto file = NewFile::make(path, random);
  if (!file) return std::move(file).error();
  if (auto written = file->write(text->view()); !written) return written;
  auto finished = file->finish();
  // A key that no store is under has changed nothing; the next attempt takes it.
  return finished ? std::move(finished) : with_effect(std::move(finished).error(), Effect::None);
}

Result<void> overwrite_key_file(const std::string& path, const crypto::Key& key, RandomSource& random) {
  auto text = crypto::encode_key(key);
  if (!text) return std::move(text).error();
  auto file = NewFile::make(path, random);
  if (!file) return std::move(file).error();
  if (auto written = file->write(text->view()); !written) return written;
  return file->replace();
}

}  // namespace locket::inline v1::local
