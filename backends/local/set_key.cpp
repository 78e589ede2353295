#include "set_key.hpp"

#include <algorithm>
#include <utility>

#include "errors.hpp"

namespace locket::inline v1::local {

Result<SetKey> SetKey::create(const crypto::Key& key) {
  auto hmac = crypto::Hmac::create(key.bytes());
  if (!hmac) return std::move(hmac).error();
  return SetKey(std::move(*hmac));
}

Result<std::uint8_t> SetKey::bucket_of(std::string_view name) {
  auto mac = hmac_.mac({bytes_of("b"), bytes_of(name)});
  if (!mac) return std::move(mac).error();
  return std::to_integer<std::uint8_t>(mac->front());
}

// In one piece: this is done for each row of a bucket, and every piece costs a call into OpenSSL.
Result<Sum> SetKey::element(std::string_view name, const Tag& item_tag) {
  std::array<std::byte, 1 + 2 + max_name_size + sizeof(Tag)> bytes;
  // A longer name is in no store of ours. It must not be cut: a name that was made longer would count as it did before.
  if (name.size() > max_name_size) return integrity_error("a record's name");
  bytes[0] = std::byte{'e'};
  store_big_endian(static_cast<std::uint16_t>(name.size()), bytes.data() + 1);
  std::ranges::copy(bytes_of(name), bytes.begin() + 3);
  std::ranges::copy(item_tag, bytes.begin() + 3 + static_cast<std::ptrdiff_t>(name.size()));
  auto mac = hmac_.mac({Bytes(bytes).first(3 + name.size() + item_tag.size())});
  if (!mac) return std::move(mac).error();
  return Sum(*mac);
}

Result<std::array<std::byte, 12>> SetKey::put_token(std::string_view name, std::string_view idempotency_key) {
  std::string head = "p";
  Writer(head).lp16(name);
  auto mac = hmac_.mac({bytes_of(head), bytes_of(idempotency_key)});
  if (!mac) return std::move(mac).error();
  std::array<std::byte, 12> token;
  std::copy_n(mac->begin(), token.size(), token.begin());
  return token;
}

}  // namespace locket::inline v1::local
