#pragma once

#include <string>

namespace locket::cli {

/// Which store a command works on, and who said so.
struct Choice {
  /// A store's URL.
  std::string url = {};
  /// "--store", "$LOCKET_STORE", "the default".
  std::string by = {};
};

/// The first that is there: `option` (--store), $LOCKET_STORE, the default local store. The one place where that is
/// decided, as `open_default` decides it.
Choice choose_store(const std::string& option);

}  // namespace locket::cli
