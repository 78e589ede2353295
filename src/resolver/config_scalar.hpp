#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "resolver/config_tree.hpp"

/// What the texts of values mean. Nothing is copied, for they may be secrets.
namespace locket::inline v1::resolver {

/// Why a value is not what was asked for.
enum class Misread : std::uint8_t {
  None,
  Type,         ///< it is something else
  Range,        ///< beyond 64 bits, or beyond a double
  LeadingZero,  ///< octal to some parsers, decimal to others
  NotWhole,     ///< no multiple of the unit
};

template <class T>
struct Read {
  T value = {};
  Misread misread = Misread::None;
};

/// A sign aside: "-12" is {true, 12}, which is never {true, 0}.
struct Integer {
  bool negative = false;
  std::uint64_t magnitude = 0;
};

Read<Integer> read_integer(const ConfigEntry& entry);
Read<double> read_number(const ConfigEntry& entry);
Read<bool> read_boolean(const ConfigEntry& entry);
/// In units of `unit` nanoseconds.
Read<std::int64_t> read_duration(const ConfigEntry& entry, std::int64_t unit);

}  // namespace locket::inline v1::resolver
