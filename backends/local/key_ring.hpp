#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <locket/result.hpp>

#include "box.hpp"
#include "codec.hpp"
#include "crypto/key.hpp"
#include "crypto/xaes.hpp"

/// The data keys, of which one is primary.
namespace locket::inline v1::local {

/// A row of the table `dek`.
struct DataKeyRow {
  enum class State : std::uint8_t { Primary = 1, DecryptOnly = 2, Destroyed = 3 };

  std::uint32_t id = 0;
  State state = State::Primary;
  std::string box = {};  ///< empty when destroyed
};

/// SHA-256 over the rows, ids ascending: u32 id ‖ u8 state ‖ u32 length ‖ box.
Result<Digest> ring_digest(const std::vector<DataKeyRow>& rows);

/// Seals a data key for its row.
Result<std::string> wrap_data_key(const crypto::Key& data_key, std::uint32_t id, const crypto::Key& wrap,
                                  RandomSource& random, const StoreId& store, std::uint32_t key_epoch);
Result<crypto::Key> unwrap_data_key(const DataKeyRow& row, const crypto::Key& wrap, const StoreId& store,
                                    std::uint32_t key_epoch);

class KeyRing {
 public:
  /// Opens what is not destroyed. Integrity when `rows` are not what the state's `digest` says, or not one is primary.
  static Result<KeyRing> open(std::vector<DataKeyRow> rows, const Digest& digest, const crypto::Key& wrap,
                              const StoreId& store, std::uint32_t key_epoch);

  const Digest& digest() const noexcept { return digest_; }
  const std::vector<DataKeyRow>& rows() const noexcept { return rows_; }
  std::uint32_t primary_id() const noexcept { return primary_; }
  crypto::Xaes& primary() noexcept { return *find(primary_); }
  /// Null when there is no such key, or no more.
  crypto::Xaes* find(std::uint32_t id) noexcept;

 private:
  struct Opened {
    std::uint32_t id;
    crypto::Xaes key;
  };
  KeyRing() = default;

  std::vector<DataKeyRow> rows_;
  std::vector<Opened> keys_;
  Digest digest_{};
  std::uint32_t primary_ = 0;
};

}  // namespace locket::inline v1::local
