#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/result.hpp>

#include "codec.hpp"

/// SQLite without exceptions, with its errors in our kinds. The only files that know SQLite's C interface.
namespace locket::inline v1::local {

/// One connection. Thread safety: none. Must be closed (destroyed) in the process that opened it only: closing it in a
/// forked child would drop the parent's locks.
class Database {
 public:
  /// Opens an existing file, as safely as SQLite can: no links, no mmap, a rollback journal, every commit synced with
  /// its folder, what is deleted overwritten, nothing in the schema trusted. `patience` is how long to wait for locks
  /// when a call has no earlier deadline.
  static Result<std::unique_ptr<Database>> open(const std::string& path, std::shared_ptr<Clock> clock,
                                                std::chrono::milliseconds patience);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Waits for locks end with this call's deadline and stop token from now on; null: with the patience alone. Borrowed.
  void serve(const Call* call) noexcept { call_ = call; }

  /// One or several statements without results.
  Result<void> execute(const char* sql);
  /// Takes back what was written since BEGIN, if there was one. Nothing is allocated for it, since it may be done
  /// because there is no memory; whether it was done, `in_transaction` tells.
  void roll_back() noexcept;
  bool in_transaction() noexcept;
  /// A number that is another one whenever the file's contents changed, by whomever, since this connection looked.
  /// To be asked inside a transaction, or right behind the statement that is meant.
  std::uint32_t data_version() noexcept;
  /// Whether the file is not at its path any more: what is written now would be lost.
  bool has_moved() noexcept;
  bool is_read_only() noexcept;

  /// The data version at which the schema was last compared, so that it is not done twice; none before that.
  std::optional<std::uint32_t> proven_schema() const noexcept { return proven_schema_; }
  void set_proven_schema(std::uint32_t version) noexcept { proven_schema_ = version; }

  /// What SQLite's result code `rc` stands for.
  Error error(int rc);

 private:
  friend class Statement;
  friend class Query;
  class Busy;

  Database(SQLite::Database database, std::shared_ptr<Clock> clock, std::chrono::milliseconds patience);
  Result<void> configure();
  bool keep_waiting(int times) noexcept;

  SQLite::Database database_;
  std::optional<SQLite::Statement> rollback_ = {};
  std::shared_ptr<Clock> clock_;
  std::chrono::milliseconds patience_;
  const Call* call_ = nullptr;
  std::optional<std::uint32_t> proven_schema_ = {};
  std::chrono::steady_clock::time_point give_up_ = {};
  bool cancelled_ = false;
};

/// One SQL statement, prepared when it is first used, and kept.
class Statement {
 public:
  explicit Statement(const char* sql) noexcept : sql_(sql) {}

 private:
  friend class Query;
  const char* sql_;
  std::optional<SQLite::Statement> prepared_;
  std::string text_;  ///< The bound name; a kept one, so that binding seldom allocates.
};

/// One run of a Statement. What is bound is borrowed until the Query ends; bound errors come out of `step`.
class Query {
 public:
  Query(Database& database, Statement& statement) noexcept;
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& bind(int index, std::int64_t number) noexcept;
  /// Copied. At most one for each statement.
  Query& bind(int index, std::string_view text) noexcept;
  Query& bind(int index, Bytes blob) noexcept;

  /// True for a row, false at the end.
  Result<bool> step();
  /// To the end, for statements without rows.
  Result<void> run();

  /// Columns of the present row, counted from 0; valid until the next step.
  Bytes blob(int column) const;
  std::string_view text(int column) const;
  std::int64_t number(int column) const;

 private:
  template <class Bind>
  Query& guarded(Bind bind) noexcept;

  Database& database_;
  Statement& statement_;
  int rc_ = 0;
};

/// The 100 bytes at the front of a database file, read without taking, breaking or rolling back anything: not by a
/// descriptor of our own, since closing that would drop the locks that this process holds on the file.
class FileHead {
 public:
  /// PermissionDenied and the like as for open; a shorter file gives zeros.
  static Result<FileHead> read(const std::string& path);

  bool is_sqlite() const noexcept;
  bool is_empty() const noexcept { return size_ == 0; }
  bool writes_ahead() const noexcept;
  /// Whether it has a rollback journal, as each of ours.
  bool keeps_journal() const noexcept;
  std::uint32_t application_id() const noexcept;
  std::uint32_t user_version() const noexcept;

 private:
  std::array<std::byte, 100> bytes_{};
  std::int64_t size_ = 0;
};

}  // namespace locket::inline v1::local
