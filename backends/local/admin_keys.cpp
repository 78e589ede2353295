#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "admin_work.hpp"
#include "errors.hpp"
#include "files.hpp"
#include "key_file.hpp"

namespace locket::inline v1::local {
namespace {

using KeyState = DataKeyRow::State;

constexpr std::size_t batch_size = 100;
// One is enough unless somebody wrote meanwhile; what is still there after several belongs to no secret.
constexpr int max_passes = 4;
constexpr std::size_t batch_bytes = std::size_t{4} * 1024 * 1024;

std::string hex(Bytes bytes) {
  std::string text;
  for (std::byte b : bytes) text += fmt::format("{:02x}", static_cast<unsigned>(b));
  return text;
}

// A new key file must not take the place of one that is not this store's: that would be the only copy of a key.
Result<void> check_target(const KeySource& to, const KeySource& from) {
  const auto* target = std::get_if<KeyFile>(&to);
  if (target == nullptr) return {};
  const auto* present = std::get_if<KeyFile>(&from);
  if (present != nullptr && present->path == target->path) return {};
  auto status = look_at(target->path);
  if (!status) return std::move(status).error();
  if (!*status) return refuse_unfinished(target->path);
  return Error({.code = ErrorCode::Conflict,
                .reason = "local.key_file_exists",
                .message = fmt::format("there is a file '{}' already", target->path),
                .hint = "name a path where there is nothing, or the store's present key file"});
}

// Both kinds of box know their key's number, in their bytes 1 to 4; `hex` is SQLite's only way to it.
constexpr const char* count_boxes =
    "SELECT k, count(*) FROM (SELECT hex(substr(meta,2,4)) AS k FROM item UNION ALL "
    "SELECT hex(substr(val,2,4)) FROM item WHERE length(val)>0 UNION ALL "
    "SELECT hex(substr(val,2,4)) FROM old WHERE length(val)>0) GROUP BY k";

Result<std::map<std::uint32_t, std::uint64_t>> boxes_by_key(Database& database) {
  std::map<std::uint32_t, std::uint64_t> boxes;
  Statement statement(count_boxes);
  Query query(database, statement);
  for (;;) {
    auto row = query.step();
    if (!row) return std::move(row).error();
    if (!*row) return boxes;
    const std::string digits(query.text(0));
    boxes[static_cast<std::uint32_t>(std::strtoul(digits.c_str(), nullptr, 16))] +=
        static_cast<std::uint64_t>(query.number(1));
  }
}

KdfCost cost_of(const crypto::Argon2Params& params) {
  return {.memory_kib = params.memory_kib, .passes = params.passes, .lanes = params.lanes};
}

}  // namespace

Result<KeyStatus> Admin::Work::key_status() {
  return connection().read([&]() -> Result<KeyStatus> {
    const Header& header = opened_.shared->header.header;
    KeyStatus status{.kind = static_cast<KeyStatus::Kind>(header.kind),
                     .provider = header.provider,
                     .key_ref = header.key_ref,
                     .store_id = hex(header.store_id),
                     .key_epoch = header.key_epoch,
                     .generation = connection().state().generation};
    if (header.kind == Header::Kind::Passphrase) status.kdf = cost_of(header.kdf);
    auto boxes = boxes_by_key(connection().database());
    if (!boxes) return std::move(boxes).error();
    for (const DataKeyRow& row : connection().ring().rows()) {
      const auto state = static_cast<DataKeyStatus::State>(static_cast<int>(row.state) - 1);
      status.data_keys.push_back({.id = row.id, .state = state, .boxes = (*boxes)[row.id]});
    }
    return status;
  });
}

// --- rekey

Result<void> Admin::Work::rekey(KeySource to) {
  if (auto good = check_source(to); !good) return good;
  if (auto pinned = pin(to); !pinned) return pinned;
  if (auto good = check_target(to, options_.key); !good) return good;
  const Header& before = opened_.shared->header.header;
  Header header{.store_id = before.store_id, .key_epoch = before.key_epoch + 1};
  if (header.key_epoch == 0) return invalid_option("the store was rekeyed as often as it can be");
  const auto limits = kdf_limits(options_.max_kdf_memory);
  auto root = make_root(header, to, {.reuse_file = false, .limits = limits, .random = *options_.random});
  if (!root) return std::move(root).error();
  auto keys = derive_keys(root->key, header.store_id);
  if (!keys) return std::move(keys).error();
  auto done = commit_rekey(header, *keys, to, *root);
  // With the anchor alone behind, the store is under its new key all the same.
  if (!done && done.error().effect() != Effect::Applied) {
    if (root->write_file) discard_next(std::get<KeyFile>(to), root->key);
    return done;
  }
  if (auto reopened = reopen(std::move(to)); !reopened)
    return with_effect(std::move(reopened).error(), Effect::Applied);
  return done;
}

Result<void> Admin::Work::commit_rekey(const Header& header, const RootKeys& keys, const KeySource& to,
                                       const NewRoot& root) {
  Transaction transaction(connection(), session().statements);
  if (auto begun = transaction.begin(); !begun) return begun;
  const RootKeys& before = opened_.shared->keys;
  std::vector<DataKeyRow> rows = connection().ring().rows();
  for (DataKeyRow& row : rows) {
    if (row.state == KeyState::Destroyed) continue;
    auto key = unwrap_data_key(row, before.wrap, header.store_id, header.key_epoch - 1);
    if (!key) return std::move(key).error();
    auto box = wrap_data_key(*key, row.id, keys.wrap, *options_.random, header.store_id, header.key_epoch);
    if (!box) return std::move(box).error();
    row.box = std::move(*box);
    if (auto updated = transaction.update_key(row); !updated) return updated;
  }
  auto ring = ring_digest(rows);
  if (!ring) return std::move(ring).error();
  transaction.set_ring(*ring);
  auto signed_header = sign(header, keys);
  if (!signed_header) return std::move(signed_header).error();
  if (auto updated = transaction.set_header(*signed_header); !updated) return updated;

  auto cipher = crypto::Xaes::create(keys.state);
  if (!cipher) return std::move(cipher).error();
  SecretBuffer plaintext;
  encode(transaction.next(), plaintext);
  const Place place{.purpose = Purpose::State, .store = header.store_id, .key_id = 0, .number = header.key_epoch};
  auto box = seal(*cipher, *options_.random, place, bytes_of(plaintext.view()));
  if (!box) return std::move(box).error();
  if (root.write_file) {
    // Under the write lock: what is there by now was left by a rekey that was never committed.
    const std::string next = next_of(std::get<KeyFile>(to).path);
    if (auto made = make_folder_of(next); !made) return made;
    if (auto written = overwrite_key_file(next, root.key, *options_.random); !written) return written;
  }
  return transaction.commit_with(bytes_of(*box));
}

// A key that no header names opens nothing, and would keep the next rekey from this name. Under the write lock, and
// only while the header is the one before, so that it is certain that the rekey was not committed.
void Admin::Work::discard_next(const KeyFile& file, const crypto::Key& key) {
  Transaction transaction(connection(), session().statements);
  if (!transaction.begin()) return;  // then it stays, and the next rekey says so
  const KeyFile next{.path = next_of(file.path), .policy = file.policy};
  const auto found = read_key_file(next);
  if (found && *found == key) ::unlink(next.path.c_str());
}

Result<void> Admin::Work::reopen(KeySource key) {
  const bool file = std::holds_alternative<KeyFile>(key);
  options_.key = std::move(key);
  auto opened = open_session(options_);
  if (!opened) return std::move(opened).error();
  opened_ = std::move(*opened);
  // Opening has tried this already, and told nobody when it could not.
  return file ? finish_key_file(session(), std::get<KeyFile>(options_.key)) : Result<void>();
}

// --- rotate

Result<void> Admin::Work::rotate(const ProgressCallback& progress, const Call& call) {
  auto resumed = begin_rotation();
  if (!resumed) return std::move(resumed).error();
  Progress done;
  std::string after;
  for (int passes = 0; passes < max_passes;) {
    if (auto ready = check(call); !ready) return ready;
    auto names = next_names(after);
    if (!names) return std::move(names).error();
    if (names->empty()) {
      // Whoever wrote under the old key meanwhile did so before he saw the new one: once more, then.
      auto destroyed = destroy_unused_keys();
      if (!destroyed) return std::move(destroyed).error();
      if (*destroyed) return {};
      after.clear();
      done.done = 0;
      ++passes;
      continue;
    }
    if (auto encrypted = reencrypt(*names); !encrypted) return encrypted;
    after = names->back();
    done.done += names->size();
    auto total = connection().read([&]() -> Result<std::uint64_t> {
      std::uint64_t count = 0;
      for (const Bucket& bucket : connection().state().buckets) count += bucket.count;
      return count;
    });
    if (!total) return std::move(total).error();
    done.total = std::max(*total, done.done);
    if (progress) progress(done);
    serve(&call);  // the callback may have used this very Admin
  }
  return integrity_error("a value that no secret knows, under an old data key,");
}

// True when there is a rotation to finish; otherwise a new primary key is made.
Result<bool> Admin::Work::begin_rotation() {
  Transaction transaction(connection(), session().statements);
  if (auto begun = transaction.begin(); !begun) return std::move(begun).error();
  std::vector<DataKeyRow> rows = connection().ring().rows();
  if (std::ranges::count(rows, KeyState::DecryptOnly, &DataKeyRow::state) != 0) return true;
  if (rows.back().id == UINT32_MAX) return invalid_option("the store has had all the data keys that there can be");
  const Header& header = opened_.shared->header.header;
  DataKeyRow fresh{.id = rows.back().id + 1, .state = KeyState::Primary, .box = {}};
  auto key = crypto::Key::generate(*options_.random);
  if (!key) return std::move(key).error();
  auto box =
      wrap_data_key(*key, fresh.id, opened_.shared->keys.wrap, *options_.random, header.store_id, header.key_epoch);
  if (!box) return std::move(box).error();
  fresh.box = std::move(*box);
  for (DataKeyRow& row : rows) {
    if (row.state != KeyState::Primary) continue;
    row.state = KeyState::DecryptOnly;
    if (auto updated = transaction.update_key(row); !updated) return std::move(updated).error();
  }
  if (auto inserted = transaction.insert_key(fresh); !inserted) return std::move(inserted).error();
  rows.push_back(std::move(fresh));
  auto ring = ring_digest(rows);
  if (!ring) return std::move(ring).error();
  transaction.set_ring(*ring);
  if (auto done = transaction.commit(); !done) return std::move(done).error();
  return false;
}

// The next secrets by name, few enough for one transaction.
Result<std::vector<std::string>> Admin::Work::next_names(const std::string& after) {
  return connection().read([&]() -> Result<std::vector<std::string>> {
    if (auto verified = connection().verify_all(); !verified) return std::move(verified).error();
    Statement statement(
        "SELECT name, length(meta) + length(val) + coalesce((SELECT sum(length(val)) FROM old WHERE "
        "old.name=item.name), "
        "0) FROM item WHERE name>?1 ORDER BY name");
    Query query(connection().database(), statement);
    query.bind(1, after);
    std::vector<std::string> names;
    for (std::size_t bytes = 0; names.size() < batch_size && bytes < batch_bytes;) {
      auto row = query.step();
      if (!row) return std::move(row).error();
      if (!*row) return names;
      names.emplace_back(query.text(0));
      bytes += static_cast<std::size_t>(query.number(1));
    }
    return names;
  });
}

Result<void> Admin::Work::reencrypt(const std::vector<std::string>& names) {
  Transaction transaction(connection(), session().statements);
  if (auto begun = transaction.begin(); !begun) return begun;
  for (const std::string& text : names) {
    auto name = NameView::parse(text);
    if (!name) return integrity_error("a record's name");
    if (auto done = transaction.reencrypt(*name); !done) return done;
  }
  return transaction.wrote() ? transaction.commit() : Result<void>();
}

// False when something still is under an old key.
Result<bool> Admin::Work::destroy_unused_keys() {
  Transaction transaction(connection(), session().statements);
  if (auto begun = transaction.begin(); !begun) return std::move(begun).error();
  auto boxes = boxes_by_key(connection().database());
  if (!boxes) return std::move(boxes).error();
  std::vector<DataKeyRow> rows = connection().ring().rows();
  bool all = true;
  for (DataKeyRow& row : rows) {
    if (row.state != KeyState::DecryptOnly) continue;
    if ((*boxes)[row.id] != 0) {
      all = false;
      continue;
    }
    row = {.id = row.id, .state = KeyState::Destroyed, .box = {}};
    if (auto updated = transaction.update_key(row); !updated) return std::move(updated).error();
  }
  if (!all) return false;
  auto ring = ring_digest(rows);
  if (!ring) return std::move(ring).error();
  transaction.set_ring(*ring);
  if (auto done = transaction.commit(); !done) return std::move(done).error();
  return true;
}

}  // namespace locket::inline v1::local
