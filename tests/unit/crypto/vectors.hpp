#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// Test vectors, and what tests of primitives need to compare bytes.
namespace vectors {

using Buffer = std::vector<std::byte>;

/// Ends the test where `text` is not hexadecimal.
Buffer from_hex(std::string_view text);
std::string to_hex(std::span<const std::byte> bytes);

template <std::size_t size>
std::array<std::byte, size> array_from_hex(std::string_view text) {
  const Buffer bytes = from_hex(text);
  std::array<std::byte, size> out{};
  if (bytes.size() == size) std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

/// One vector: `Name = value` lines. A line without `=` (NIST's "FAIL") is a name with an empty value.
class Record {
 public:
  bool has(const std::string& name) const { return fields_.contains(name); }
  /// The value as it stands there; ends the test where there is none.
  const std::string& text(const std::string& name) const;
  /// From hexadecimal; nothing where the field is missing.
  Buffer bytes(const std::string& name) const;
  std::uint32_t number(const std::string& name) const;

 private:
  friend std::vector<Record> read(const std::string& path);
  std::map<std::string, std::string> fields_;
};

/// The records of a file, in order; at least one, or the test ends.
std::vector<Record> read(const std::string& path);

/// A file of tests/vectors.
std::string committed(const std::string& name);
/// A folder that tests/vectors/get.sh fetches. Skips the test, with the reason, where it cannot be fetched.
std::string fetched(const std::string& set);

/// Calls `check` with each test of a Wycheproof file and the group around it.
void for_each_wycheproof(const std::string& file,
                         const std::function<void(const nlohmann::json& group, const nlohmann::json& test)>& check);

}  // namespace vectors
