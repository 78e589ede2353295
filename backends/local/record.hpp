#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <locket/clock.hpp>
#include <locket/metadata.hpp>
#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>
#include <locket/secret_data.hpp>

#include "box.hpp"
#include "codec.hpp"

/// What is inside the boxes of a secret: the item (what is current, deleted, expired; metadata) and its values.
namespace locket::inline v1::local {

/// Recognizes a repeated put: 12 bytes of a MAC of its idempotency key, and the version that it rolled back to, 0 for a
/// put. Zeros when it had no key.
struct PutToken {
  std::array<std::byte, 12> mac{};
  std::uint32_t source = 0;

  friend bool operator==(const PutToken&, const PutToken&) = default;
};

struct VersionEntry {
  enum class State : std::uint8_t { Live = 0, Deleted = 1, Destroyed = 2 };

  std::uint32_t number = 0;
  std::int64_t created_ms = 0;
  State state = State::Live;
  /// Of the box with its value; zeros when it is destroyed.
  Tag value_tag{};

  friend bool operator==(const VersionEntry&, const VersionEntry&) = default;
};

/// The sole authority on a secret: no column says anything that it does not.
struct Item {
  std::uint32_t current = 0;
  /// The highest number that was ever given out.
  std::uint32_t last_version = 0;
  PutToken put_token = {};
  /// Ascending.
  std::vector<VersionEntry> versions = {};
  /// `updated` and `expires` among them, to the millisecond.
  Metadata metadata = {};
  /// Of the current value, when it is fields.
  std::optional<std::vector<std::string>> fields = {};

  friend bool operator==(const Item&, const Item&) = default;
};

/// Milliseconds since 1970, rounded down.
std::int64_t to_ms(Clock::Wall time) noexcept;
/// Clamped to what the clock's type holds.
Clock::Wall from_ms(std::int64_t ms) noexcept;

/// Padded, ready to be sealed. LimitExceeded when the metadata are too much for the format.
Result<void> encode(const Item& item, SecretBuffer& out);
/// Integrity when `padded` is no item.
Result<Item> parse_item(const SecretBuffer& padded);

/// u8 kind ‖ the value; padded.
void encode(const SecretData& data, SecretBuffer& out);
Result<SecretData> parse_value(const SecretBuffer& padded);

}  // namespace locket::inline v1::local
