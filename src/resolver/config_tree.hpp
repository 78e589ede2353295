#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <locket/place.hpp>
#include <locket/resolver/format.hpp>
#include <locket/secret_value.hpp>

namespace locket::inline v1::resolver {

/// What a value is; Untyped is text that is read as whatever is asked for.
enum class EntryKind : std::uint8_t { Untyped, Text, Integer, Float, Boolean, Null, Json, EmptyMapping, EmptySequence };

/// One value of a configuration. It is either plain text or a secret; the texts of numbers are as they are written.
struct ConfigEntry {
  EntryKind kind = EntryKind::Null;
  std::variant<std::string, std::shared_ptr<const SecretValue>> content = {};
  Place place = {};

  bool is_collection() const noexcept { return kind == EntryKind::EmptyMapping || kind == EntryKind::EmptySequence; }
  /// Neither null nor empty.
  bool is_value() const noexcept { return kind != EntryKind::Null && !is_collection(); }
  bool is_secret() const noexcept { return content.index() == 1; }
  std::string_view text() const noexcept {
    if (const auto* secret = std::get_if<1>(&content)) return (*secret)->expose();
    return *std::get_if<0>(&content);
  }
};

/// All values of a configuration, those of a mapping or sequence side by side. No path is the beginning of another one.
struct ConfigTree {
  std::map<Path, ConfigEntry> entries = {};
  std::vector<std::string> files = {};
};

}  // namespace locket::inline v1::resolver
