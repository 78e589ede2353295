#include "key_ring.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "errors.hpp"

namespace locket::inline v1::local {
namespace {

using State = DataKeyRow::State;

bool well_formed(const std::vector<DataKeyRow>& rows) {
  std::uint32_t before = 0;
  for (const DataKeyRow& row : rows) {
    if (row.id <= before || row.state < State::Primary || row.state > State::Destroyed) return false;
    if (row.box.empty() != (row.state == State::Destroyed)) return false;
    before = row.id;
  }
  return std::ranges::count(rows, State::Primary, &DataKeyRow::state) == 1;
}

}  // namespace

Result<Digest> ring_digest(const std::vector<DataKeyRow>& rows) {
  std::string bytes;
  Writer writer(bytes);
  for (const DataKeyRow& row : rows) {
    writer.number(row.id).number(static_cast<std::uint8_t>(row.state));
    writer.number(static_cast<std::uint32_t>(row.box.size())).raw(row.box);
  }
  return crypto::sha256({bytes_of(bytes)});
}

Result<std::string> wrap_data_key(const crypto::Key& data_key, std::uint32_t id, const crypto::Key& wrap,
                                  RandomSource& random, const StoreId& store, std::uint32_t key_epoch) {
  auto cipher = crypto::Xaes::create(wrap);
  if (!cipher) return std::move(cipher).error();
  const Place place{.purpose = Purpose::DataKey, .store = store, .key_id = id, .number = key_epoch};
  return seal(*cipher, random, place, data_key.bytes());
}

Result<crypto::Key> unwrap_data_key(const DataKeyRow& row, const crypto::Key& wrap, const StoreId& store,
                                    std::uint32_t key_epoch) {
  auto cipher = crypto::Xaes::create(wrap);
  if (!cipher) return std::move(cipher).error();
  SecretBuffer plaintext;
  const Place place{.purpose = Purpose::DataKey, .store = store, .key_id = row.id, .number = key_epoch};
  auto opened = open(*cipher, place, bytes_of(row.box), plaintext);
  if (!opened && opened.error().code() != ErrorCode::Integrity) return std::move(opened).error();
  if (!opened || plaintext.size() != crypto::Key::size) return integrity_error(fmt::format("data key {}", row.id));
  return crypto::Key(bytes_of(plaintext.view()).first<crypto::Key::size>());
}

Result<KeyRing> KeyRing::open(std::vector<DataKeyRow> rows, const Digest& digest, const crypto::Key& wrap,
                              const StoreId& store, std::uint32_t key_epoch) {
  auto actual = ring_digest(rows);
  if (!actual) return std::move(actual).error();
  if (*actual != digest || !well_formed(rows)) return integrity_error("the list of data keys");
  KeyRing ring;
  for (const DataKeyRow& row : rows) {
    if (row.state == State::Destroyed) continue;
    if (row.state == State::Primary) ring.primary_ = row.id;
    auto key = unwrap_data_key(row, wrap, store, key_epoch);
    if (!key) return std::move(key).error();
    auto cipher = crypto::Xaes::create(*key);
    if (!cipher) return std::move(cipher).error();
    ring.keys_.push_back({.id = row.id, .key = std::move(*cipher)});
  }
  ring.rows_ = std::move(rows);
  ring.digest_ = digest;
  return ring;
}

crypto::Xaes* KeyRing::find(std::uint32_t id) noexcept {
  const auto found = std::ranges::find(keys_, id, &Opened::id);
  return found == keys_.end() ? nullptr : &found->key;
}

}  // namespace locket::inline v1::local
