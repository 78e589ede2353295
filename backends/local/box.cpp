#include "box.hpp"

#include <algorithm>
#include <array>

#include <locket/name.hpp>

#include "errors.hpp"

namespace locket::inline v1::local {
namespace {

constexpr std::byte box_version{1};
constexpr std::size_t padding = 64;
constexpr std::size_t length_size = 4;

std::string_view label_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::DataKey: return {"lk1.dek\0", 8};
    case Purpose::State: return {"lk1.stat", 8};
    case Purpose::Item: return {"lk1.item", 8};
    case Purpose::Value: return {"lk1.val\0", 8};
  }
  return {};
}

// label[8] ‖ store_id[16] ‖ u32 key_id ‖ u32 number ‖ lp16(name), on the stack: this is done twice for each get. The
// name must be no longer than a name may be.
class AdditionalData {
 public:
  explicit AdditionalData(const Place& place) noexcept {
    append(bytes_of(label_of(place.purpose)));
    append(place.store);
    number(place.key_id);
    number(place.number);
    number(static_cast<std::uint16_t>(place.name.size()));
    append(bytes_of(place.name));
  }
  Bytes bytes() const noexcept { return Bytes(bytes_).first(size_); }

 private:
  template <class T>
  void number(T value) noexcept {
    store_big_endian(value, bytes_.data() + size_);
    size_ += sizeof(T);
  }
  void append(Bytes more) noexcept {
    std::ranges::copy(more, bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += more.size();
  }

  std::array<std::byte, 8 + sizeof(StoreId) + 4 + 4 + 2 + max_name_size> bytes_;
  std::size_t size_ = 0;
};

Error not_authentic() {
  return Error({.code = ErrorCode::Integrity, .reason = "crypto.not_authentic", .message = "this is no box"});
}

}  // namespace

Result<std::string> seal(crypto::Xaes& key, RandomSource& random, const Place& place, Bytes plaintext) {
  // There is room for no more on the stack.
  if (place.name.size() > max_name_size) return not_authentic();
  std::string box(box_overhead + plaintext.size(), '\0');
  const auto bytes = std::as_writable_bytes(std::span(box));
  bytes[0] = box_version;
  store_big_endian(place.key_id, bytes.data() + 1);
  const auto nonce = bytes.subspan<5, crypto::Xaes::nonce_size>();
  if (auto filled = random.fill(nonce); !filled) return std::move(filled).error();
  auto sealed = key.seal(nonce, AdditionalData(place).bytes(), plaintext, bytes.subspan(box_head_size));
  if (!sealed) return std::move(sealed).error();
  return box;
}

Result<void> open(crypto::Xaes& key, const Place& place, Bytes box, SecretBuffer& out) {
  out.truncate(0);
  if (place.name.size() > max_name_size) return not_authentic();
  if (box.size() < box_overhead || box[0] != box_version || key_id_of(box) != place.key_id) return not_authentic();
  const Bytes sealed = box.subspan(box_head_size);
  const auto room = std::as_writable_bytes(out.prepare(sealed.size() - crypto::Xaes::tag_size));
  const auto nonce = box.subspan<5, crypto::Xaes::nonce_size>();
  auto opened = key.open(nonce, AdditionalData(place).bytes(), sealed, room);
  if (!opened) return std::move(opened).error();
  out.commit(*opened);
  return {};
}

std::uint32_t key_id_of(Bytes box) noexcept {
  return box.size() < box_overhead ? 0 : load_big_endian<std::uint32_t>(box.data() + 1);
}

Tag tag_of(Bytes box) noexcept {
  Tag tag{};
  if (box.size() >= tag.size()) std::ranges::copy(box.last(tag.size()), tag.begin());
  return tag;
}

void begin_padded(SecretBuffer& out) {
  out.truncate(0);
  out.resize(length_size);
}

void end_padded(SecretBuffer& out) {
  const auto length = static_cast<std::uint32_t>(out.size() - length_size);
  store_big_endian(length, reinterpret_cast<std::byte*>(out.data()));
  out.resize((out.size() + padding - 1) / padding * padding);
}

Result<Bytes> unpad(const SecretBuffer& padded) {
  const Bytes bytes = bytes_of(padded.view());
  if (bytes.size() < padding || bytes.size() % padding != 0) return integrity_error("the padding of a record");
  const std::uint64_t end = length_size + std::uint64_t{load_big_endian<std::uint32_t>(bytes.data())};
  if (end > bytes.size() || bytes.size() - end >= padding) return integrity_error("the length of a record");
  const auto rest = bytes.subspan(static_cast<std::size_t>(end));
  if (std::ranges::any_of(rest, [](std::byte b) { return b != std::byte{0}; })) {
    return integrity_error("the padding of a record");
  }
  return bytes.subspan(length_size, static_cast<std::size_t>(end) - length_size);
}

}  // namespace locket::inline v1::local
