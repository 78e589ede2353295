#include "transaction.hpp"

#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "errors.hpp"

namespace locket::inline v1::local {
namespace {

Error moved(std::string_view path) {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "local.file_moved",
                .message = fmt::format("the store's file '{}' was moved, replaced or removed", path),
                .hint = "open the store again",
                .retryable = false});
}

}  // namespace

Transaction::~Transaction() {
  if (open_) connection_.end();
}

Result<void> Transaction::begin() {
  // What was written to a file that has no name any more would be lost without a trace.
  if (connection_.database().has_moved()) return moved(connection_.shared().path);
  open_ = true;
  if (auto begun = connection_.begin_write(); !begun) return begun;
  next_ = connection_.state().clone();
  ++next_->generation;
  return {};
}

Result<std::optional<Item>> Transaction::item(NameView name) {
  name_ = name.text();
  element_.reset();
  tag_.reset();
  auto bucket = connection_.verify(name_);
  if (!bucket) return std::move(bucket).error();
  bucket_ = *bucket;
  Query query(connection_.database(), statements_.select_item);
  auto row = query.bind(1, name_).step();
  if (!row) return std::move(row).error();
  if (!*row) {
    if (auto absent = connection_.check_absent(bucket_, name_); !absent) return std::move(absent).error();
    return std::optional<Item>();
  }
  if (auto counted = connection_.check_counted(bucket_, query.blob(0)); !counted) return std::move(counted).error();
  auto found = connection_.open_item(name_, query.blob(0));
  if (!found) return std::move(found).error();
  tag_ = tag_of(query.blob(0));
  auto element = connection_.set().element(name_, *tag_);
  if (!element) return std::move(element).error();
  element_ = *element;
  key_id_ = key_id_of(query.blob(0));
  return std::optional(std::move(*found));
}

Result<SecretData> Transaction::value(const Item& item, const VersionEntry& entry) {
  Query query(connection_.database(), statements_.select_item);
  auto row = query.bind(1, name_).step();
  if (!row) return std::move(row).error();
  return connection_.open_value(name_, item, entry, *row ? query.blob(1) : Bytes());
}

Result<void> Transaction::keep_old(std::uint32_t version) {
  return Query(connection_.database(), statements_.insert_old).bind(1, name_).bind(2, std::int64_t{version}).run();
}

Result<void> Transaction::drop_old(std::uint32_t version) {
  return Query(connection_.database(), statements_.delete_old).bind(1, name_).bind(2, std::int64_t{version}).run();
}

Result<void> Transaction::drop_olds() {
  return Query(connection_.database(), statements_.delete_olds).bind(1, name_).run();
}

Result<void> Transaction::replace_old(std::uint32_t version, Bytes value_box) {
  Query query(connection_.database(), statements_.update_old);
  return query.bind(1, name_).bind(2, std::int64_t{version}).bind(3, value_box).run();
}

Result<std::string> Transaction::seal_value(const SecretData& data, std::uint32_t version) {
  SecretBuffer plaintext;
  encode(data, plaintext);
  KeyRing& ring = connection_.ring();
  const Place place = connection_.place(Purpose::Value, ring.primary_id(), version, name_);
  return seal(ring.primary(), *connection_.shared().random, place, bytes_of(plaintext.view()));
}

Result<void> Transaction::save(const Item& item, std::optional<Bytes> value_box) {
  wrote_ = true;
  SecretBuffer plaintext;
  if (auto encoded = encode(item, plaintext); !encoded) return encoded;
  KeyRing& ring = connection_.ring();
  const Place place = connection_.place(Purpose::Item, ring.primary_id(), 0, name_);
  auto meta = seal(ring.primary(), *connection_.shared().random, place, bytes_of(plaintext.view()));
  if (!meta) return std::move(meta).error();
  const Tag tag = tag_of(bytes_of(*meta));
  auto element = connection_.set().element(name_, tag);
  if (!element) return std::move(element).error();

  const bool insert = !element_;
  Statement& update = value_box ? statements_.update_item : statements_.update_meta;
  Query query(connection_.database(), insert ? statements_.insert_item : update);
  query.bind(1, name_);
  if (insert) query.bind(2, std::int64_t{bucket_});
  query.bind(insert ? 3 : 2, bytes_of(*meta));
  if (insert || value_box) query.bind(insert ? 4 : 3, value_box.value_or(Bytes()));
  if (auto done = query.run(); !done) return done;

  Bucket& bucket = next_->buckets[bucket_];
  if (element_) bucket.take(*element_);
  bucket.add(*element);
  element_ = *element;
  changes_.push_back({.bucket = bucket_, .name = name_, .before = std::exchange(tag_, tag), .after = tag});
  return {};
}

Result<void> Transaction::erase() {
  wrote_ = true;
  if (auto done = drop_olds(); !done) return done;
  if (auto done = Query(connection_.database(), statements_.delete_item).bind(1, name_).run(); !done) return done;
  if (element_) next_->buckets[bucket_].take(*element_);
  element_.reset();
  changes_.push_back({.bucket = bucket_, .name = name_, .before = std::exchange(tag_, {})});
  return {};
}

Result<std::uint32_t> Transaction::key_of_value(const Item& item, const VersionEntry& entry) {
  const bool current = entry.number == item.current;
  Query query(connection_.database(), current ? statements_.select_head : statements_.select_old_head);
  query.bind(1, name_);
  if (!current) query.bind(2, std::int64_t{entry.number});
  auto row = query.step();
  if (!row) return std::move(row).error();
  const Bytes head = *row ? query.blob(0) : Bytes();
  return head.size() == 5 ? load_big_endian<std::uint32_t>(head.data() + 1) : 0;
}

Result<void> Transaction::reencrypt(NameView name) {
  auto found = item(name);
  if (!found) return std::move(found).error();
  if (!*found) return {};
  Item& present = **found;
  const std::uint32_t primary = connection_.ring().primary_id();
  bool changed = key_id_ != primary;
  std::optional<std::string> current_box;
  for (VersionEntry& entry : present.versions) {
    if (entry.state == VersionEntry::State::Destroyed) continue;
    auto key = key_of_value(present, entry);
    if (!key) return std::move(key).error();
    if (*key == primary) continue;
    auto data = value(present, entry);
    if (!data) return std::move(data).error();
    auto box = seal_value(*data, entry.number);
    if (!box) return std::move(box).error();
    entry.value_tag = tag_of(bytes_of(*box));
    changed = true;
    if (entry.number == present.current) {
      current_box = std::move(*box);
    } else if (auto replaced = replace_old(entry.number, bytes_of(*box)); !replaced) {
      return replaced;
    }
  }
  if (!changed) return {};
  return save(present, current_box ? std::optional(bytes_of(*current_box)) : std::nullopt);
}

Result<void> Transaction::insert_key(const DataKeyRow& row) {
  Query query(connection_.database(), statements_.insert_key);
  return query.bind(1, std::int64_t{row.id})
      .bind(2, static_cast<std::int64_t>(row.state))
      .bind(3, bytes_of(row.box))
      .run();
}

Result<void> Transaction::update_key(const DataKeyRow& row) {
  Query query(connection_.database(), statements_.update_key);
  return query.bind(1, std::int64_t{row.id})
      .bind(2, static_cast<std::int64_t>(row.state))
      .bind(3, bytes_of(row.box))
      .run();
}

Result<void> Transaction::set_header(const SignedHeader& header) {
  Query query(connection_.database(), statements_.update_header);
  return query.bind(1, bytes_of(header.body)).bind(2, Bytes(header.sum)).bind(3, Bytes(header.mac)).run();
}

Result<void> Transaction::write_state(Bytes box) {
  return Query(connection_.database(), statements_.update_state).bind(1, box).run();
}

Result<void> Transaction::commit() {
  auto box = connection_.seal_state(*next_);
  if (!box) return std::move(box).error();
  return commit_with(bytes_of(*box));
}

Result<void> Transaction::commit_with(Bytes state_box) {
  auto digest = crypto::sha256({state_box});
  if (!digest) return std::move(digest).error();
  if (auto written = write_state(state_box); !written) return written;
  if (auto done = connection_.database().execute("COMMIT"); !done) {
    connection_.forget();
    // Whoever could not get the lock has written nothing; after a failing disk nobody knows.
    const bool unknown = done.error().reason() == "local.io";
    return with_effect(std::move(done).error(), unknown ? Effect::Unknown : Effect::None);
  }
  open_ = false;
  const Mark mark{.generation = next_->generation, .state = *digest};
  connection_.shared().watermark.raise(mark);
  if (keys_changed_) {
    connection_.forget();
  } else {
    connection_.committed(std::move(*next_), mark, changes_);
  }
  auto& anchor = connection_.shared().anchor;
  if (!anchor) return {};
  auto advanced = anchor->advance(mark);
  return advanced ? std::move(advanced) : with_effect(std::move(advanced).error(), Effect::Applied);
}

}  // namespace locket::inline v1::local
