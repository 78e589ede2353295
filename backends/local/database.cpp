#include "database.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <thread>
#include <vector>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "errors.hpp"
#include "files.hpp"

namespace locket::inline v1::local {
namespace {

// No row is larger than the largest value and its metadata by far; a damaged one must not claim a gigabyte.
constexpr int max_row = 32 * 1024 * 1024;
constexpr std::chrono::milliseconds longest_nap{16};

constexpr const char* pragmas =
    "PRAGMA mmap_size=0; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON; PRAGMA cell_size_check=ON;"
    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000;";

Error failure(ErrorCode code, const char* reason, std::string message, const char* hint) {
  return Error({.code = code, .reason = reason, .message = std::move(message), .hint = hint});
}

Error access_error(int rc) {
  if (rc == SQLITE_CANTOPEN_SYMLINK) {
    return failure(ErrorCode::InvalidArgument, "local.file_type", "the store's path is a link", "name the file itself");
  }
  if ((rc & 0xff) == SQLITE_READONLY) {
    return failure(ErrorCode::PermissionDenied, "local.read_only", "the store's file or folder is read-only",
                   "give this user the right to write the file and to make files in its folder");
  }
  return failure(ErrorCode::PermissionDenied, "local.file_access", "the store's file cannot be opened",
                 "give this user the right to use the file, and to make files in its folder for the journal");
}

bool may(const std::string& path, int what) {
  return ::faccessat(AT_FDCWD, path.c_str(), what, AT_EACCESS) == 0;
}

// SQLite tells no more than that a file, or the journal beside it, cannot be opened: it tries for reading only when
// writing failed, for whatever reason, and keeps the last one's. So the rights are looked at.
Error cannot_open(const std::string& path, int rc) {
  if (rc == SQLITE_CANTOPEN_SYMLINK || !may(path, R_OK) || !may(folder_of(path), W_OK | X_OK)) return access_error(rc);
  return failure(
      ErrorCode::Unavailable, "local.io",
      fmt::format("the store's file or its journal cannot be opened, although this user may (SQLite {})", rc),
      "look for a full disk, too many open files, and at the system's log");
}

// The numbers are SQLite's; its texts may quote what stands in the file.
Error sqlite_error(int rc) {
  switch (rc & 0xff) {
    case SQLITE_NOMEM: throw std::bad_alloc();
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return damaged_file(fmt::format("SQLite says {}", rc));
    case SQLITE_FULL:
      return failure(ErrorCode::Unavailable, "local.no_space", "there is no room left on the store's disk",
                     "free some; reads go on");
    case SQLITE_IOERR:
      if (rc == SQLITE_IOERR_NOMEM) throw std::bad_alloc();
      return failure(ErrorCode::Unavailable, "local.io", fmt::format("the store's disk failed (SQLite {})", rc),
                     "look at the system's log; a write that failed so may have been done or not");
    case SQLITE_ERROR:
      return schema_error();  // our statements are right, so the tables are not
    // Ours never break them, unless there are rows that no item knows, or two trees that disagree.
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH: return integrity_error("the table of records");
    case SQLITE_TOOBIG: return damaged_file("a record is larger than any that locket writes");
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return access_error(rc);
    default: break;
  }
  return failure(ErrorCode::Internal, "local.sqlite", fmt::format("SQLite failed ({})", rc), "");
}

// A file as SQLite's own layer opens it: with the locks of this process in mind, and without looking at journals.
class VfsFile {
 public:
  static Result<std::unique_ptr<VfsFile>> open(const std::string& path) {
    if (const int rc = sqlite3_initialize(); rc != SQLITE_OK) return sqlite_error(rc);
    sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr);
    if (vfs == nullptr) return sqlite_error(SQLITE_CANTOPEN);
    std::unique_ptr<VfsFile> file(new VfsFile(vfs, path));
    const int rc = vfs->xOpen(vfs, file->name_, file->get(), SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, nullptr);
    if ((rc & 0xff) == SQLITE_CANTOPEN) return cannot_open(path, rc);
    if (rc != SQLITE_OK) return sqlite_error(rc);
    return file;
  }
  ~VfsFile() {
    if (get()->pMethods != nullptr) get()->pMethods->xClose(get());
    sqlite3_free_filename(name_);
  }
  VfsFile(const VfsFile&) = delete;
  VfsFile& operator=(const VfsFile&) = delete;

  sqlite3_file* get() noexcept { return reinterpret_cast<sqlite3_file*>(memory_.data()); }

 private:
  VfsFile(sqlite3_vfs* vfs, const std::string& path)
      : memory_(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1),
        name_(sqlite3_create_filename(path.c_str(), "", "", 0, nullptr)) {
    if (name_ == nullptr) throw std::bad_alloc();
  }

  std::vector<std::max_align_t> memory_;
  decltype(sqlite3_create_filename(nullptr, nullptr, nullptr, 0, nullptr)) name_;  // SQLite changed its mind on const
};

Result<SQLite::Database> open_sqlite(const std::string& name, int flags) {
  try {
    return SQLite::Database(name.c_str(), flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW);
  } catch (const SQLite::Exception& e) {
    const int rc = e.getExtendedErrorCode();
    return (rc & 0xff) == SQLITE_CANTOPEN ? cannot_open(name, rc) : sqlite_error(rc);
  }
}

// SQLite opens for reading only what it cannot open for writing, for whatever reason. Unless it is a matter of rights,
// that would last longer than the reason.
Result<SQLite::Database> open_for_writing(const std::string& path) {
  auto database = open_sqlite(path, SQLITE_OPEN_READWRITE);
  if (!database || sqlite3_db_readonly(database->getHandle(), "main") == 0 || !may(path, W_OK)) return database;
  return open_sqlite(path, SQLITE_OPEN_READWRITE);
}

}  // namespace

class Database::Busy {
 public:
  static int handle(void* database, int times) { return static_cast<Database*>(database)->keep_waiting(times) ? 1 : 0; }
};

Database::Database(SQLite::Database database, std::shared_ptr<Clock> clock, std::chrono::milliseconds patience)
    : database_(std::move(database)), clock_(std::move(clock)), patience_(patience) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::string& path, std::shared_ptr<Clock> clock,
                                                 std::chrono::milliseconds patience) {
  if (sqlite3_threadsafe() == 0) {
    return failure(ErrorCode::Internal, "local.sqlite", "this SQLite was built for one thread only",
                   "link one that was built with SQLITE_THREADSAFE=1 or 2");
  }
  auto opened = open_for_writing(path);
  if (!opened) return std::move(opened).error();
  std::unique_ptr<Database> database(new Database(std::move(*opened), std::move(clock), patience));
  if (auto configured = database->configure(); !configured) return std::move(configured).error();
  return database;
}

Result<void> Database::configure() {
  sqlite3* handle = database_.getHandle();
  sqlite3_busy_handler(handle, &Busy::handle, this);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, max_row);
  for (const auto& [option, value] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                      {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                      {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                      {SQLITE_DBCONFIG_DQS_DML, 0}}) {
    if (const int rc = sqlite3_db_config(handle, option, value, nullptr); rc != SQLITE_OK) return error(rc);
  }
  try {
    rollback_.emplace(database_, "ROLLBACK");
  } catch (const SQLite::Exception& e) {
    return error(e.getExtendedErrorCode());
  }
  return execute(pragmas);
}

// SQLite asks this whenever a lock is taken. Who holds it is another process, perhaps, which knows no clock of ours: so
// the naps and the patience are in real time, whatever clock was injected; the deadline is on that one.
bool Database::keep_waiting(int times) noexcept {
  const auto now = std::chrono::steady_clock::now();
  if (times == 0) give_up_ = now + patience_;
  cancelled_ = call_ != nullptr && call_->stop.stop_requested();
  const bool late = call_ != nullptr && call_->deadline && clock_->steady() >= *call_->deadline;
  if (cancelled_ || late || now >= give_up_) return false;
  std::this_thread::sleep_for(std::min(longest_nap, std::chrono::milliseconds(1 << std::min(times / 4, 5))));
  return true;
}

Error Database::error(int rc) {
  if ((rc & 0xff) == SQLITE_CANTOPEN) return cannot_open(sqlite3_db_filename(database_.getHandle(), "main"), rc);
  if ((rc & 0xff) != SQLITE_BUSY && (rc & 0xff) != SQLITE_LOCKED) return sqlite_error(rc);
  if (std::exchange(cancelled_, false)) {
    return failure(ErrorCode::Cancelled, "call.cancelled", "the call was cancelled", "");
  }
  return failure(ErrorCode::Timeout, "local.busy", "the store is in use by another thread or process for too long",
                 "try again, allow more time, or find who keeps it locked");
}

Result<void> Database::execute(const char* sql) {
  const int rc = database_.tryExec(sql);
  if (rc != SQLITE_OK) return error(database_.getExtendedErrorCode());
  return {};
}

bool Database::in_transaction() noexcept {
  return sqlite3_get_autocommit(database_.getHandle()) == 0;
}

void Database::roll_back() noexcept {
  if (!in_transaction()) return;  // SQLite takes it back by itself after some errors
  rollback_->tryExecuteStep();
  rollback_->tryReset();
}

std::uint32_t Database::data_version() noexcept {
  unsigned version = 0;
  sqlite3_file_control(database_.getHandle(), "main", SQLITE_FCNTL_DATA_VERSION, &version);
  return version;
}

bool Database::has_moved() noexcept {
  int moved = 0;
  sqlite3_file_control(database_.getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

bool Database::is_read_only() noexcept {
  return sqlite3_db_readonly(database_.getHandle(), "main") != 0;
}

Query::Query(Database& database, Statement& statement) noexcept : database_(database), statement_(statement) {
  if (statement_.prepared_) return;
  try {
    statement_.prepared_.emplace(database_.database_, statement_.sql_);
  } catch (const SQLite::Exception& e) {
    rc_ = e.getExtendedErrorCode();
  } catch (const std::bad_alloc&) {
    rc_ = SQLITE_NOMEM;
  }
}

Query::~Query() {
  if (statement_.prepared_) statement_.prepared_->tryReset();
}

template <class Bind>
Query& Query::guarded(Bind bind) noexcept {
  if (rc_ != SQLITE_OK) return *this;
  try {
    bind(*statement_.prepared_);
  } catch (const SQLite::Exception& e) {
    rc_ = e.getExtendedErrorCode();
  } catch (const std::bad_alloc&) {
    rc_ = SQLITE_NOMEM;
  }
  return *this;
}

Query& Query::bind(int index, std::int64_t number) noexcept {
  return guarded([&](SQLite::Statement& statement) { statement.bind(index, number); });
}

Query& Query::bind(int index, std::string_view text) noexcept {
  return guarded([&](SQLite::Statement& statement) {
    statement_.text_ = text;
    statement.bindNoCopy(index, statement_.text_);
  });
}

Query& Query::bind(int index, Bytes blob) noexcept {
  // A null pointer would bind NULL.
  const void* data = blob.empty() ? "" : static_cast<const void*>(blob.data());
  return guarded(
      [&](SQLite::Statement& statement) { statement.bindNoCopy(index, data, static_cast<int>(blob.size())); });
}

Result<bool> Query::step() {
  if (rc_ != SQLITE_OK) return database_.error(rc_);
  const int rc = statement_.prepared_->tryExecuteStep();
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) return false;
  return database_.error(rc);
}

Result<void> Query::run() {
  for (;;) {
    auto row = step();
    if (!row) return std::move(row).error();
    if (!*row) return {};
  }
}

Bytes Query::blob(int column) const {
  const SQLite::Column found = statement_.prepared_->getColumn(column);
  const auto* data = static_cast<const std::byte*>(found.getBlob());
  return {data, static_cast<std::size_t>(found.getBytes())};
}

std::string_view Query::text(int column) const {
  const SQLite::Column found = statement_.prepared_->getColumn(column);
  const char* data = found.getText();
  return {data, static_cast<std::size_t>(found.getBytes())};
}

std::int64_t Query::number(int column) const {
  return statement_.prepared_->getColumn(column).getInt64();
}

Result<FileHead> FileHead::read(const std::string& path) {
  auto file = VfsFile::open(path);
  if (!file) return std::move(file).error();
  sqlite3_file* handle = (*file)->get();
  FileHead head;
  sqlite3_int64 size = 0;
  if (const int failed = handle->pMethods->xFileSize(handle, &size); failed != SQLITE_OK) return sqlite_error(failed);
  head.size_ = size;
  const int rc = handle->pMethods->xRead(handle, head.bytes_.data(), static_cast<int>(head.bytes_.size()), 0);
  if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ) return sqlite_error(rc);
  return head;
}

bool FileHead::is_sqlite() const noexcept {
  static constexpr std::string_view magic{"SQLite format 3\0", 16};
  return text_of(Bytes(bytes_).first(magic.size())) == magic;
}

bool FileHead::writes_ahead() const noexcept {
  return bytes_[18] == std::byte{2} || bytes_[19] == std::byte{2};
}

bool FileHead::keeps_journal() const noexcept {
  return bytes_[18] == std::byte{1} && bytes_[19] == std::byte{1};
}

std::uint32_t FileHead::application_id() const noexcept {
  return load_big_endian<std::uint32_t>(bytes_.data() + 68);
}

std::uint32_t FileHead::user_version() const noexcept {
  return load_big_endian<std::uint32_t>(bytes_.data() + 60);
}

}  // namespace locket::inline v1::local
