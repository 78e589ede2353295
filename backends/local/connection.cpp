#include "connection.hpp"

#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "errors.hpp"
#include "schema.hpp"

namespace locket::inline v1::local {
namespace {

// What OpenSSL calls not authentic, in this store's words. Its other failures are no sign of damage.
Error in_our_words(Error error, std::string_view what) {
  if (error.code() == ErrorCode::Integrity) return integrity_error(what);
  return error;
}

Error lost_bucket(std::size_t bucket) {
  return integrity_error(
      fmt::format("a group of records (bucket {}), of which one was replaced, lost or doubled,", bucket));
}

}  // namespace

Connection::Connection(std::shared_ptr<Shared> shared, std::unique_ptr<Database> database)
    : shared_(std::move(shared)), database_(std::move(database)), select_schema_(schema_query) {}

Place Connection::place(Purpose purpose, std::uint32_t key_id, std::uint32_t number, std::string_view name) const {
  return {
      .purpose = purpose, .store = shared_->header.header.store_id, .key_id = key_id, .number = number, .name = name};
}

Result<void> Connection::begin_write() {
  end();  // nothing to do, unless there was no memory even for that the last time
  if (auto begun = database_->execute("BEGIN IMMEDIATE"); !begun) return begun;
  return read([] { return Result<void>(); });
}

void Connection::end() noexcept {
  database_->roll_back();
}

Result<void> Connection::refresh(Query& state) {
  auto row = state.step();
  if (!row) return std::move(row).error();
  if (!*row) return integrity_error("the store's header or state");
  // The row's query has taken the lock, so this is the version that the whole transaction sees.
  const std::uint32_t version = database_->data_version();
  if (snapshot_ && snapshot_->data_version == version) return {};
  snapshot_.reset();
  if (auto good = check_header(state.blob(0)); !good) return good;
  if (auto good = check_schema(*database_, select_schema_); !good) return good;
  if (auto good = check_journal(); !good) return good;
  if (auto good = load(state.blob(1)); !good) return good;
  snapshot_->data_version = version;
  return {};
}

Result<void> Connection::check_header(Bytes body) const {
  if (text_of(body) == shared_->header.body) return {};
  auto found = parse_header(body);
  if (!found) return std::move(found).error();
  return found->key_epoch != shared_->header.header.key_epoch ? key_changed() : damaged_header("it was changed");
}

// When the file was opened it had a rollback journal; SQLite goes along with whoever changes that afterwards.
Result<void> Connection::check_journal() {
  Query query(*database_, select_journal_);
  auto row = query.step();
  if (!row) return std::move(row).error();
  return *row && query.text(0) == "wal" ? wal_file(shared_->path) : Result<void>();
}

Result<void> Connection::load(Bytes state_box) {
  auto state = load_state(state_box);
  if (!state) return std::move(state).error();
  auto& [opened, mark] = *state;
  if (auto good = shared_->watermark.check(mark); !good) return good;
  if (shared_->anchor) {
    if (auto good = shared_->anchor->check(mark); !good) return good;
  }
  auto ring = load_ring(opened);
  if (!ring) return std::move(ring).error();
  auto set = SetKey::create(opened.set_key);
  if (!set) return std::move(set).error();
  snapshot_.emplace(Snapshot{
      .data_version = 0, .state = std::move(opened), .mark = mark, .set = std::move(*set), .ring = std::move(*ring)});
  return {};
}

Result<std::pair<State, Mark>> Connection::load_state(Bytes box) {
  if (!state_cipher_) {
    auto cipher = crypto::Xaes::create(shared_->keys.state);
    if (!cipher) return std::move(cipher).error();
    state_cipher_ = std::move(*cipher);
  }
  auto opened = open(*state_cipher_, place(Purpose::State, 0, shared_->header.header.key_epoch), box, scratch_);
  if (!opened) return in_our_words(std::move(opened).error(), "the store's state");
  auto state = parse_state(bytes_of(scratch_.view()));
  scratch_.truncate(0);
  if (!state) return std::move(state).error();
  auto digest = crypto::sha256({box});
  if (!digest) return std::move(digest).error();
  const Mark mark{.generation = state->generation, .state = *digest};
  return std::pair(std::move(*state), mark);
}

Result<KeyRing> Connection::load_ring(const State& state) {
  std::vector<DataKeyRow> rows;
  Query query(*database_, select_keys_);
  for (;;) {
    auto row = query.step();
    if (!row) return std::move(row).error();
    if (!*row) break;
    const std::int64_t id = query.number(0);
    const std::int64_t key_state = query.number(1);
    if (id < 1 || id > UINT32_MAX || key_state < 1 || key_state > 3) return integrity_error("the list of data keys");
    rows.push_back({.id = static_cast<std::uint32_t>(id),
                    .state = static_cast<DataKeyRow::State>(key_state),
                    .box = std::string(text_of(query.blob(2)))});
  }
  const Header& header = shared_->header.header;
  return KeyRing::open(std::move(rows), state.ring, shared_->keys.wrap, header.store_id, header.key_epoch);
}

Result<std::string> Connection::seal_state(const State& state) {
  SecretBuffer plaintext;
  encode(state, plaintext);
  return seal(*state_cipher_, *shared_->random, place(Purpose::State, 0, shared_->header.header.key_epoch),
              bytes_of(plaintext.view()));
}

void Connection::committed(State next, const Mark& mark, const std::vector<RowChange>& changes) {
  snapshot_->state = std::move(next);
  snapshot_->mark = mark;
  for (const RowChange& change : changes) snapshot_->verified.apply(change);
  // What was verified stays so: this connection's own pages were changed, and nothing else.
  snapshot_->data_version = database_->data_version();
}

Result<std::uint8_t> Connection::verify(std::string_view name) {
  auto bucket = snapshot_->set.bucket_of(name);
  if (!bucket) return bucket;
  if (auto verified = verify(*bucket); !verified) return std::move(verified).error();
  return bucket;
}

Result<void> Connection::verify(std::uint8_t bucket) {
  if (snapshot_->verified.has(bucket)) return {};
  Bucket found;
  CountedRows rows;
  Query query(*database_, select_bucket_);
  query.bind(1, std::int64_t{bucket});
  for (;;) {
    auto row = query.step();
    if (!row) return std::move(row).error();
    if (!*row) break;
    const Tag tag = tag_of(query.blob(1));
    auto element = snapshot_->set.element(query.text(0), tag);
    if (!element) return std::move(element).error();
    found.add(*element);
    rows.add(query.text(0), tag);
  }
  if (found != snapshot_->state.buckets[bucket]) return lost_bucket(bucket);
  snapshot_->verified.set(bucket, std::move(rows));
  return {};
}

Result<void> Connection::verify_all() {
  if (snapshot_->all_verified) return {};
  std::array<Bucket, bucket_count> found{};
  std::array<CountedRows, bucket_count> rows{};
  std::string last;
  Query query(*database_, select_all_);
  for (;;) {
    auto row = query.step();
    if (!row) return std::move(row).error();
    if (!*row) break;
    const auto bucket = static_cast<std::uint64_t>(query.number(0));
    const std::string_view name = query.text(1);
    // The name is not told: as yet it may be any bytes.
    if (bucket >= bucket_count || name <= last) return integrity_error("the order of the records");
    last = name;
    const Tag tag = tag_of(query.blob(2));
    auto element = snapshot_->set.element(name, tag);
    if (!element) return std::move(element).error();
    found[bucket].add(*element);
    rows[bucket].add(name, tag);
  }
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    if (found[bucket] != snapshot_->state.buckets[bucket]) return lost_bucket(bucket);
  }
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    snapshot_->verified.set(static_cast<std::uint8_t>(bucket), std::move(rows[bucket]));
  }
  snapshot_->all_verified = true;
  return {};
}

Result<void> Connection::check_counted(std::uint8_t bucket, Bytes meta) const {
  return snapshot_->verified.has(bucket, tag_of(meta)) ? Result<void>() : lost_bucket(bucket);
}

Result<void> Connection::check_absent(std::uint8_t bucket, std::string_view name) const {
  return snapshot_->verified.has(bucket, name) ? lost_bucket(bucket) : Result<void>();
}

Result<Item> Connection::open_item(std::string_view name, Bytes meta) {
  const std::uint32_t key_id = key_id_of(meta);
  crypto::Xaes* key = snapshot_->ring.find(key_id);
  const auto damaged = [&] { return integrity_error(fmt::format("the record of '{}'", name)); };
  if (key == nullptr) return damaged();
  auto opened = open(*key, place(Purpose::Item, key_id, 0, name), meta, scratch_);
  if (!opened) return opened.error().code() == ErrorCode::Integrity ? damaged() : std::move(opened).error();
  auto item = parse_item(scratch_);
  scratch_.truncate(0);
  return item;
}

Result<SecretData> Connection::open_value(std::string_view name, const Item& item, const VersionEntry& entry,
                                          Bytes current) {
  const Place where = place(Purpose::Value, 0, entry.number, name);
  if (entry.number == item.current) return open_value_box(where, entry, current);
  Query query(*database_, select_old_);
  auto row = query.bind(1, name).bind(2, std::int64_t{entry.number}).step();
  if (!row) return std::move(row).error();
  return open_value_box(where, entry, *row ? query.blob(0) : Bytes());
}

Result<SecretData> Connection::open_value_box(const Place& place, const VersionEntry& entry, Bytes box) {
  const auto damaged = [&] {
    return integrity_error(fmt::format("the value of version {} of '{}'", entry.number, place.name));
  };
  Place where = place;
  where.key_id = key_id_of(box);
  crypto::Xaes* key = snapshot_->ring.find(where.key_id);
  // The item names its values' tags: a value of before, however authentic, is not this one.
  if (key == nullptr || tag_of(box) != entry.value_tag) return damaged();
  auto opened = open(*key, where, box, scratch_);
  if (!opened) return opened.error().code() == ErrorCode::Integrity ? damaged() : std::move(opened).error();
  auto data = parse_value(scratch_);
  scratch_.truncate(0);
  return data;
}

}  // namespace locket::inline v1::local
