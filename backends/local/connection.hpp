#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <locket/call.hpp>
#include <locket/name.hpp>
#include <locket/random.hpp>
#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

#include "anchor.hpp"
#include "database.hpp"
#include "key_ring.hpp"
#include "record.hpp"
#include "root_key.hpp"
#include "set_key.hpp"
#include "state.hpp"
#include "verified_rows.hpp"

/// One connection to an open store: what stands in the file, proven to be authentic, present and complete before it is
/// given out.
namespace locket::inline v1::local {

/// What the connections of one open store share.
struct Shared {
  std::string path;
  std::shared_ptr<Clock> clock;
  std::shared_ptr<RandomSource> random;
  std::chrono::milliseconds busy_timeout{};
  SignedHeader header;
  RootKeys keys;
  std::optional<Anchor> anchor = {};
  Watermark watermark = {};
};

/// The row of a secret; valid as long as the query that it came from.
struct Row {
  Bytes meta;
  Bytes value;
};

/// Thread safety: none.
class Connection {
 public:
  Connection(std::shared_ptr<Shared> shared, std::unique_ptr<Database> database);

  Shared& shared() noexcept { return *shared_; }
  Database& database() noexcept { return *database_; }

  /// Runs `f` in a read transaction, after `refresh`.
  template <class F>
  auto read(F f) -> decltype(f()) {
    Query state(*database_, select_state_);  // while its row is there, so is its transaction
    if (auto refreshed = refresh(state); !refreshed) return std::move(refreshed).error();
    return f();
  }

  /// What `use(const Row*)` returns, called in a read transaction with the secret's row, or with null when it is
  /// certain that there is none. One indexed row, when nothing was written since the last time.
  template <class Use>
  auto with_row(NameView name, Use use) -> decltype(use(std::declval<const Row*>())) {
    if (snapshot_) {
      auto bucket = snapshot_->set.bucket_of(name.text());
      if (!bucket) return std::move(bucket).error();
      Query query(*database_, select_item_);
      auto found = query.bind(1, name.text()).step();
      if (!found) return std::move(found).error();
      // While the row is there, so is its transaction: nothing can change between these.
      if (database_->data_version() == snapshot_->data_version && (*found || snapshot_->verified.has(*bucket))) {
        if (auto verified = verify(*bucket); !verified) return std::move(verified).error();
        return use_row(query, *found, name, *bucket, use);
      }
    }
    return read([&]() -> decltype(use(std::declval<const Row*>())) {
      auto bucket = verify(name.text());
      if (!bucket) return std::move(bucket).error();
      Query query(*database_, select_item_);
      auto found = query.bind(1, name.text()).step();
      if (!found) return std::move(found).error();
      return use_row(query, *found, name, *bucket, use);
    });
  }

  // Inside a transaction, or in `use` above:

  /// Makes sure that no row of the name's bucket was replayed, lost or doubled. Returns the bucket.
  Result<std::uint8_t> verify(std::string_view name);
  /// The same for all, and that the names are in order, so that each is found where it is looked for.
  Result<void> verify_all();
  /// Integrity unless this row of a verified bucket is one of those that were counted.
  Result<void> check_counted(std::uint8_t bucket, Bytes meta) const;
  /// Integrity when a name that was not found is one of those that were counted in its verified bucket.
  Result<void> check_absent(std::uint8_t bucket, std::string_view name) const;

  Result<Item> open_item(std::string_view name, Bytes meta);
  /// The value of a version that is not destroyed; `current` is its box if it is the current one.
  Result<SecretData> open_value(std::string_view name, const Item& item, const VersionEntry& entry, Bytes current);

  const State& state() const noexcept { return snapshot_->state; }
  KeyRing& ring() noexcept { return snapshot_->ring; }
  SetKey& set() noexcept { return snapshot_->set; }
  const Mark& mark() const noexcept { return snapshot_->mark; }
  Place place(Purpose purpose, std::uint32_t key_id, std::uint32_t number, std::string_view name = {}) const;

  // For transactions.

  /// Takes the write lock and refreshes. `end` must follow whatever comes of it, an exception too.
  Result<void> begin_write();
  /// Takes back what was written.
  void end() noexcept;
  /// `next` is now in the file, sealed in the box that `mark` knows.
  void committed(State next, const Mark& mark, const std::vector<RowChange>& changes);
  /// The next transaction reads everything anew.
  void forget() noexcept { snapshot_.reset(); }
  Result<std::string> seal_state(const State& state);
  /// Where plaintext may be put for the moment.
  SecretBuffer& scratch() noexcept { return scratch_; }

 private:
  struct Snapshot {
    std::uint32_t data_version;
    State state;
    Mark mark;
    SetKey set;
    KeyRing ring;
    VerifiedRows verified = {};
    bool all_verified = false;
  };

  template <class Use>
  auto use_row(Query& query, bool found, NameView name, std::uint8_t bucket, Use& use)
      -> decltype(use(std::declval<const Row*>())) {
    if (!found) {
      if (auto absent = check_absent(bucket, name.text()); !absent) return std::move(absent).error();
      return use(nullptr);
    }
    const Row row{.meta = query.blob(0), .value = query.blob(1)};
    if (auto counted = check_counted(bucket, row.meta); !counted) return std::move(counted).error();
    return use(&row);
  }
  /// The sealed state as of this transaction. Every transaction begins with this query; it costs next to nothing when
  /// nothing was written since the last time.
  Result<void> refresh(Query& state);
  Result<void> verify(std::uint8_t bucket);
  Result<void> check_header(Bytes body) const;
  Result<void> check_journal();
  Result<void> load(Bytes state_box);
  Result<std::pair<State, Mark>> load_state(Bytes box);
  Result<KeyRing> load_ring(const State& state);
  Result<SecretData> open_value_box(const Place& place, const VersionEntry& entry, Bytes box);

  std::shared_ptr<Shared> shared_;
  std::unique_ptr<Database> database_;
  std::optional<crypto::Xaes> state_cipher_;
  std::optional<Snapshot> snapshot_;
  SecretBuffer scratch_;

  Statement select_item_{"SELECT meta, val FROM item WHERE name=?1"};
  Statement select_old_{"SELECT val FROM old WHERE name=?1 AND ver=?2"};
  Statement select_bucket_{"SELECT name, meta FROM item WHERE bucket=?1"};
  Statement select_all_{"SELECT bucket, name, meta FROM item"};
  Statement select_state_{"SELECT header.body, state.box FROM header, state"};
  Statement select_keys_{"SELECT id, state, box FROM dek ORDER BY id"};
  Statement select_schema_;
  Statement select_journal_{"PRAGMA journal_mode"};
};

}  // namespace locket::inline v1::local
