#pragma once

#include <string>
#include <string_view>

#include <locket/result.hpp>

/// The errors that several parts of the local store return; each has a reason and a hint of its own.
namespace locket::inline v1::local {

/// Something that is authentic by itself, or was expected, does not fit: `what` is "the record of 'db/password'".
Error integrity_error(std::string_view what);
/// The file's structure, as SQLite sees it, is damaged.
Error damaged_file(std::string_view what);
Error damaged_header(std::string_view what);
Error foreign_file(std::string_view path, std::string_view what);
Error newer_format(std::string_view path);
/// A store that writes ahead: another program changed its journal mode.
Error wal_file(std::string_view path);
Error schema_error();
Error wrong_key();
/// The file holds a root key of another kind than the one that was given: "a passphrase".
Error wrong_key_kind(std::string_view wanted);
Error key_changed();
/// The file is older than what was seen of it before; `seen_by` is "this process" or "the anchor".
Error rolled_back(std::string_view seen_by);
/// The same error, of a write that did this.
Error with_effect(Error error, Effect effect);
Error invalid_option(std::string message, std::string hint = {});

}  // namespace locket::inline v1::local
