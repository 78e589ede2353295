#include "opening.hpp"

#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "crypto/sha256.hpp"
#include "errors.hpp"
#include "files.hpp"
#include "key_file.hpp"
#include "schema.hpp"

namespace locket::inline v1::local {
namespace {

Error refused(ErrorCode code, const char* reason, std::string message, std::string hint) {
  return Error(
      {.code = code, .reason = reason, .message = std::move(message), .hint = std::move(hint), .retryable = false});
}

// By lstat(2) alone: whoever opens and closes the file takes away SQLite's locks on it.
Result<void> check_owner(const std::string& path) {
  using Type = FileStatus::Type;
  auto status = look_at(path);
  if (!status) return std::move(status).error();
  if (!*status) {
    return refused(ErrorCode::Unavailable, "local.no_store", fmt::format("there is no store at '{}'", path),
                   "check the path, or create the store: `locket init`, in a program `create`");
  }
  const FileStatus& found = **status;
  if (found.type != Type::File) {
    std::string_view what = "no ordinary file";
    if (found.type == Type::Folder) what = "a folder";
    if (found.type == Type::Link) what = "a link";
    return refused(ErrorCode::InvalidArgument, "local.file_type", fmt::format("'{}' is {}", path, what),
                   "name the store's file itself");
  }
  if (!found.mine) {
    return refused(ErrorCode::PermissionDenied, "local.file_owner",
                   fmt::format("the store '{}' belongs to another user", path), "run as that user, or copy the store");
  }
  if ((found.mode & (S_IRWXG | S_IRWXO)) == 0) return {};
  return refused(ErrorCode::PermissionDenied, "local.file_mode", fmt::format("others may use the store '{}'", path),
                 fmt::format("run `chmod 600 {}`", path));
}

// SQLite plays a journal back whosever it is: into the store, and as one of several files' it has the file removed that
// it names. In a folder where others may make files, as in /tmp, it need not be ours.
Result<void> check_journal(const std::string& path) {
  const std::string journal = path + "-journal";
  auto status = look_at(journal);
  if (!status) return std::move(status).error();
  if (!*status || ((*status)->type == FileStatus::Type::File && (*status)->mine)) return {};
  return refused(ErrorCode::PermissionDenied, "local.file_owner",
                 fmt::format("the journal '{}' belongs to another user, or is no ordinary file", journal),
                 "no locket has made it; remove it, and keep the store in a folder that only this user may write");
}

// Before SQLite opens it in earnest, which would roll a foreign journal back.
Result<void> check_head(const std::string& path) {
  auto head = FileHead::read(path);
  if (!head) return std::move(head).error();
  if (head->is_empty()) return foreign_file(path, "it is empty");
  if (!head->is_sqlite()) return foreign_file(path, "it is no SQLite file");
  if (head->application_id() != application_id) return foreign_file(path, "it is another application's SQLite file");
  if (head->user_version() > format_version) return newer_format(path);
  if (head->user_version() < format_version) return foreign_file(path, "its format has no number");
  if (head->writes_ahead()) return wal_file(path);
  // SQLite would open it for reading only, and call that a matter of rights.
  return head->keeps_journal() ? Result<void>() : damaged_file("its header names a journal that there is not");
}

// The header is read anew when the key does not fit: a rekey may have come in between the two.
Result<std::pair<SignedHeader, Unlocked>> unlock_file(Database& database, const Options& options) {
  auto header = read_header(database);
  for (;;) {
    if (!header) return std::move(header).error();
    auto unlocked = unlock(*header, options.key, kdf_limits(options.max_kdf_memory));
    if (unlocked) return std::pair(std::move(*header), std::move(*unlocked));
    if (unlocked.error().reason() != "local.wrong_key") return std::move(unlocked).error();
    auto again = read_header(database);
    if (again && again->body == header->body) return std::move(unlocked).error();
    header = std::move(again);
  }
}

// What is in a new file.
struct Contents {
  SignedHeader header;
  DataKeyRow key;
  std::string state;
};

Result<Contents> make_contents(const Header& header, const crypto::Key& root, RandomSource& random) {
  auto keys = derive_keys(root, header.store_id);
  if (!keys) return std::move(keys).error();
  auto signed_header = sign(header, *keys);
  if (!signed_header) return std::move(signed_header).error();
  auto data_key = crypto::Key::generate(random);
  if (!data_key) return std::move(data_key).error();
  auto box = wrap_data_key(*data_key, 1, keys->wrap, random, header.store_id, header.key_epoch);
  if (!box) return std::move(box).error();
  Contents contents{.header = std::move(*signed_header),
                    .key = {.id = 1, .state = DataKeyRow::State::Primary, .box = std::move(*box)},
                    .state = {}};
  auto state = new_state(random);
  if (!state) return std::move(state).error();
  auto ring = ring_digest({contents.key});
  if (!ring) return std::move(ring).error();
  state->ring = *ring;
  auto cipher = crypto::Xaes::create(keys->state);
  if (!cipher) return std::move(cipher).error();
  SecretBuffer plaintext;
  encode(*state, plaintext);
  const Place place{.purpose = Purpose::State, .store = header.store_id, .key_id = 0, .number = header.key_epoch};
  auto sealed = seal(*cipher, random, place, bytes_of(plaintext.view()));
  if (!sealed) return std::move(sealed).error();
  contents.state = std::move(*sealed);
  return contents;
}

Result<void> write_rows(Database& database, const Contents& contents) {
  Statement header("INSERT INTO header(id, body, sum, mac) VALUES(1, ?1, ?2, ?3)");
  Statement key("INSERT INTO dek(id, state, box) VALUES(1, 1, ?1)");
  Statement state("INSERT INTO state(id, box) VALUES(1, ?1)");
  const SignedHeader& head = contents.header;
  auto written =
      Query(database, header).bind(1, bytes_of(head.body)).bind(2, Bytes(head.sum)).bind(3, Bytes(head.mac)).run();
  if (written) written = Query(database, key).bind(1, bytes_of(contents.key.box)).run();
  if (written) written = Query(database, state).bind(1, bytes_of(contents.state)).run();
  return written;
}

Result<void> write_contents(const std::string& path, const Options& options, const Contents& contents) {
  auto database = Database::open(path, options.settings.clock, options.busy_timeout);
  if (!database) return std::move(database).error();
  auto written = (*database)->execute("BEGIN IMMEDIATE");
  if (written) written = create_schema(**database);
  if (written) written = write_rows(**database, contents);
  if (written) written = (*database)->execute("COMMIT");
  return written;
}

Result<void> refuse_existing(const std::string& path) {
  auto status = look_at(path);
  if (!status) return std::move(status).error();
  if (!*status) return {};
  return refused(ErrorCode::Conflict, "local.exists", fmt::format("there is something at '{}' already", path),
                 "choose another path, or move away what is there");
}

// What was left out, and relative paths, while the working folder is that of the caller.
Result<void> complete(Options& options) {
  if (!options.settings.clock) options.settings.clock = system_clock();
  if (!options.random) options.random = system_random();
  if (options.anchor.empty()) return pin(options.key);
  auto anchor = absolute(options.anchor);
  if (!anchor) return std::move(anchor).error();
  options.anchor = std::move(*anchor);
  return pin(options.key);
}

Anchor::Settings anchor_settings(const Options& options, const StoreId& store) {
  return {.path = options.anchor, .store = store, .random = options.random, .patience = options.busy_timeout};
}

// The first look at everything: state, ring, data keys; and the anchor, which is started here when that was asked for.
Result<void> begin_session(Session& session, const Options& options) {
  Shared& shared = session.connection.shared();
  const StoreId& store = shared.header.header.store_id;
  bool start = false;
  if (!options.anchor.empty()) {
    auto status = look_at(options.anchor);
    if (!status) return std::move(status).error();
    start = options.start_anchor && !*status;
    if (!start) shared.anchor.emplace(anchor_settings(options, store));
  }
  return session.connection.read([&]() -> Result<void> {
    if (!start) return {};
    Anchor anchor(anchor_settings(options, store));
    if (auto started = anchor.start(session.connection.mark()); !started) return started;
    shared.anchor.emplace(anchor_settings(options, store));
    return {};
  });
}

}  // namespace

Result<std::unique_ptr<Database>> open_database(const std::string& path, const std::shared_ptr<Clock>& clock,
                                                std::chrono::milliseconds busy_timeout) {
  if (auto good = check_owner(path); !good) return std::move(good).error();
  if (auto good = check_journal(path); !good) return std::move(good).error();
  if (auto good = check_head(path); !good) return std::move(good).error();
  return Database::open(path, clock, busy_timeout);
}

Result<void> check_options(const Options& options) {
  if (options.path.empty()) return invalid_option("the store has no path");
  if (options.path.find('\0') != std::string::npos) return invalid_option("the store's path holds a NUL");
  if (options.history < 1 || options.history > 1000) return invalid_option("history is not 1 to 1,000 versions");
  if (options.max_kdf_memory < 19 || options.max_kdf_memory > 65536) {
    return invalid_option("max_kdf_memory is not 19 to 65,536 MiB");
  }
  if (options.busy_timeout < std::chrono::milliseconds::zero()) return invalid_option("busy_timeout is negative");
  return check_source(options.key);
}

Result<void> pin(KeySource& source) {
  auto* file = std::get_if<KeyFile>(&source);
  if (file == nullptr) return {};
  auto path = absolute(file->path);
  if (!path) return std::move(path).error();
  file->path = std::move(*path);
  return {};
}

Result<SignedHeader> read_header(Database& database) {
  Statement statement("SELECT body, sum, mac FROM header");
  Statement schema(schema_query);
  // While the row is there, so is its transaction: both are of one state of the file.
  Query query(database, statement);
  auto row = query.step();
  if (auto good = check_schema(database, schema); !good) return std::move(good).error();
  if (!row) return std::move(row).error();
  if (!*row) return damaged_header("it is not there");
  return parse_signed_header(query.blob(0), query.blob(1), query.blob(2));
}

Result<Opened> open_session(Options& options, std::unique_ptr<Database> database) {
  auto unlocked = unlock_file(*database, options);
  if (!unlocked) return std::move(unlocked).error();
  auto& [header, key] = *unlocked;
  std::shared_ptr<Shared> shared(new Shared{.path = options.path,
                                            .clock = options.settings.clock,
                                            .random = options.random,
                                            .busy_timeout = options.busy_timeout,
                                            .header = std::move(header),
                                            .keys = std::move(key.keys)});
  Opened opened{.shared = shared, .session = std::make_unique<Session>(shared, std::move(database))};
  if (auto begun = begin_session(*opened.session, options); !begun) return std::move(begun).error();
  if (key.from_next) {
    // Not a reason to refuse the secrets: the folder may be read-only, or a writer busy. The next one finishes it.
    static_cast<void>(finish_key_file(*opened.session, std::get<KeyFile>(options.key)));
  }
  return opened;
}

Result<Opened> open_session(Options& options) {
  if (auto good = check_options(options); !good) return std::move(good).error();
  if (auto completed = complete(options); !completed) return std::move(completed).error();
  auto path = resolve(options.path);
  if (!path) return std::move(path).error();
  options.path = std::move(*path);
  auto database = open_database(options.path, options.settings.clock, options.busy_timeout);
  if (!database) return std::move(database).error();
  return open_session(options, std::move(*database));
}

Result<void> create_file(Options& options) {
  if (auto good = check_options(options); !good) return good;
  if (auto completed = complete(options); !completed) return completed;
  if (auto free = refuse_existing(options.path); !free) return free;
  if (!options.anchor.empty()) {
    if (auto free = refuse_existing(options.anchor); !free) return free;
    options.start_anchor = true;
  }
  if (auto made = make_folder_of(options.path); !made) return made;
  auto path = resolve(options.path);
  if (!path) return std::move(path).error();
  options.path = std::move(*path);

  Header header;
  if (auto filled = options.random->fill(header.store_id); !filled) return filled;
  const auto limits = kdf_limits(options.max_kdf_memory);
  auto root = make_root(header, options.key, {.reuse_file = true, .limits = limits, .random = *options.random});
  if (!root) return std::move(root).error();
  auto contents = make_contents(header, root->key, *options.random);
  if (!contents) return std::move(contents).error();
  auto file = NewFile::make(options.path, *options.random);
  if (!file) return std::move(file).error();
  if (auto written = write_contents(file->temporary(), options, *contents); !written) return written;
  // The key first: a key without a store is used by the next attempt, a store without its key by nobody.
  if (root->write_file) {
    const std::string& key_path = std::get<KeyFile>(options.key).path;
    if (auto made = make_folder_of(key_path); !made) return made;
    if (auto written = write_key_file(key_path, root->key, *options.random); !written) return written;
  }
  return file->finish();
}

Result<void> finish_key_file(Session& session, const KeyFile& file) {
  // Inside a write transaction, so that the file in PATH.next cannot be another rekey's, not committed yet.
  Transaction transaction(session.connection, session.statements);
  if (auto begun = transaction.begin(); !begun) return begun;
  const KeyFile next{.path = next_of(file.path), .policy = file.policy};
  auto key = read_key_file(next);
  if (!key) return key.error().reason() == "local.key_file_missing" ? Result<void>() : std::move(key).error();
  auto keys = derive_keys(*key, session.connection.shared().header.header.store_id);
  if (!keys) return std::move(keys).error();
  if (keys->header != session.connection.shared().keys.header) return {};
  return rename_in_folder(next.path, file.path);
}

}  // namespace locket::inline v1::local
