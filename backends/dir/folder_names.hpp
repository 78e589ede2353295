#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "outcome.hpp"
#include "status.hpp"

namespace locket::inline v1::dir {

/// A name in a folder. What a link leads to is not known yet: its kind is Other.
struct Listed {
  std::string name = {};
  Kind kind = Kind::Other;
  bool link = false;
};

/// Whether Kubernetes keeps an entry of that name for itself (`..data`, `..2026_01_01_…`); it refuses keys like it.
inline bool hidden(std::string_view name) noexcept {
  return name.starts_with("..");
}

/// What is in a folder, without what is hidden, each name once, in byte order. What is there all the time is among it,
/// also when it is replaced meanwhile. EOVERFLOW when there are more than `max_entries`.
Outcome<std::vector<Listed>> folder_names(int folder, std::uint64_t max_entries);

/// Brings names into byte order; of the same ones one remains, whichever.
void sort_out(std::vector<Listed>& names);

}  // namespace locket::inline v1::dir
