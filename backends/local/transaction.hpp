#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <locket/name.hpp>
#include <locket/result.hpp>
#include <locket/secret_data.hpp>

#include "connection.hpp"

/// A write: all of it or nothing. It holds the file's write lock from the beginning, so what it reads stays so.
namespace locket::inline v1::local {

/// The statements of writes, prepared once for each connection.
struct WriteStatements {
  Statement insert_item{"INSERT INTO item(name, bucket, meta, val) VALUES(?1, ?2, ?3, ?4)"};
  Statement update_item{"UPDATE item SET meta=?2, val=?3 WHERE name=?1"};
  Statement update_meta{"UPDATE item SET meta=?2 WHERE name=?1"};
  Statement delete_item{"DELETE FROM item WHERE name=?1"};
  Statement insert_old{"INSERT INTO old(name, ver, val) SELECT name, ?2, val FROM item WHERE name=?1"};
  Statement update_old{"UPDATE old SET val=?3 WHERE name=?1 AND ver=?2"};
  Statement delete_old{"DELETE FROM old WHERE name=?1 AND ver=?2"};
  Statement delete_olds{"DELETE FROM old WHERE name=?1"};
  Statement update_state{"UPDATE state SET box=?1"};
  Statement insert_key{"INSERT INTO dek(id, state, box) VALUES(?1, ?2, ?3)"};
  Statement update_key{"UPDATE dek SET state=?2, box=?3 WHERE id=?1"};
  Statement update_header{"UPDATE header SET body=?1, sum=?2, mac=?3"};
  Statement select_item{"SELECT meta, val FROM item WHERE name=?1"};
  Statement select_head{"SELECT substr(val, 1, 5) FROM item WHERE name=?1"};
  Statement select_old_head{"SELECT substr(val, 1, 5) FROM old WHERE name=?1 AND ver=?2"};
};

class Transaction {
 public:
  Transaction(Connection& connection, WriteStatements& statements) noexcept
      : connection_(connection), statements_(statements) {}
  /// Takes everything back unless it was committed.
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Before anything else. local.busy, local.read_only, local.file_moved.
  Result<void> begin();
  /// Effect::None when it was not written, Unknown when that is not certain, Applied when only the anchor failed.
  Result<void> commit();

  /// Whether there is anything to commit.
  bool wrote() const noexcept { return wrote_; }

  /// The secret, none when there is none; its bucket is verified. What follows is about this one.
  Result<std::optional<Item>> item(NameView name);
  /// The value of one of its versions that is not destroyed.
  Result<SecretData> value(const Item& item, const VersionEntry& entry);
  /// Its current value goes to the old ones, as the version that it is.
  Result<void> keep_old(std::uint32_t version);
  Result<void> drop_old(std::uint32_t version);
  Result<void> drop_olds();
  /// A box with the value, under the primary key, and its tag.
  Result<std::string> seal_value(const SecretData& data, std::uint32_t version);
  /// Writes the item, and `value_box` as its current value unless that stays as it is.
  Result<void> save(const Item& item, std::optional<Bytes> value_box);
  /// Removes the item and its old values.
  Result<void> erase();

  /// Puts everything of the secret under the primary key that is not under it yet. Nothing to do when it is not there.
  Result<void> reencrypt(NameView name);

  // For administration. What of the keys changed is read anew by the next transaction.

  Connection& connection() noexcept { return connection_; }
  Result<void> insert_key(const DataKeyRow& row);
  Result<void> update_key(const DataKeyRow& row);
  void set_ring(const Digest& ring) { next_->ring = ring, keys_changed_ = true; }
  /// The rest must be sealed under its keys.
  Result<void> set_header(const SignedHeader& header);
  /// The state, one generation on, to be sealed by whoever changes the keys that seal it.
  State& next() noexcept { return *next_; }
  Result<void> commit_with(Bytes state_box);

 private:
  Result<void> write_state(Bytes box);
  Result<std::uint32_t> key_of_value(const Item& item, const VersionEntry& entry);
  Result<void> replace_old(std::uint32_t version, Bytes value_box);

  Connection& connection_;
  WriteStatements& statements_;
  std::optional<State> next_;
  bool open_ = false;
  bool wrote_ = false;
  bool keys_changed_ = false;

  std::string name_ = {};
  std::uint8_t bucket_ = 0;
  /// What the item counts in its bucket's sum now; none when it is not there.
  std::optional<Sum> element_ = {};
  std::optional<Tag> tag_ = {};
  std::vector<RowChange> changes_ = {};
  /// The key that its box is under.
  std::uint32_t key_id_ = 0;
};

}  // namespace locket::inline v1::local
