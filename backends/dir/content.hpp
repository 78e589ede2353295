#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <locket/clock.hpp>
#include <locket/info.hpp>
#include <locket/name.hpp>
#include <locket/secret_data.hpp>
#include <locket/secret_value.hpp>

#include "tree.hpp"

namespace locket::inline v1::dir {

/// What a name leads to: a file's bytes, or a folder's files.
struct Content {
  bool folder = false;
  SecretValue bytes = {};
  std::vector<Field> fields = {};
  Clock::Wall updated = {};
};

/// Errors as of Tree, read_file and field_files.
Outcome<Content> read_content(Tree& tree, std::string_view name, std::uint64_t limit, const Stopped& stopped);

/// The same without reading a value.
Outcome<SecretInfo> describe_entry(Tree& tree, NameView name, const Stopped& stopped);

}  // namespace locket::inline v1::dir
