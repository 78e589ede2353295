#pragma once

#include <memory>
#include <string>

#include <locket/backends/local.hpp>
#include <locket/result.hpp>

#include "connection.hpp"
#include "pool.hpp"

/// From Options to an open store.
namespace locket::inline v1::local {

/// A connection to the file at `shared`'s path, checked first: whose it is, and that it is a store of ours.
Result<std::unique_ptr<Database>> open_database(const std::string& path, const std::shared_ptr<Clock>& clock,
                                                std::chrono::milliseconds busy_timeout);

/// The options' values, as far as they can be told wrong by themselves.
Result<void> check_options(const Options& options);

/// A key file's path made absolute, so that it stays the same file when the working folder changes.
Result<void> pin(KeySource& source);

struct Opened {
  std::shared_ptr<Shared> shared;
  std::unique_ptr<Session> session;
};
/// Opens the file and proves the key. Fills in the options' defaults.
Result<Opened> open_session(Options& options);
/// The same for a file that was opened and found to be ours.
Result<Opened> open_session(Options& options, std::unique_ptr<Database> database);
/// The header as it stands in the file, in a transaction of its own.
Result<SignedHeader> read_header(Database& database);

/// Makes the file. Does not open it.
Result<void> create_file(Options& options);

/// Puts PATH.next into the place of PATH, if it is the key of the file as it is now. Takes the write lock, so that no
/// rekey can be under way meanwhile.
Result<void> finish_key_file(Session& session, const KeyFile& file);

}  // namespace locket::inline v1::local
