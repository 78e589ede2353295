#pragma once

#include <cstdint>
#include <memory>

#include <locket/export.hpp>
#include <locket/options.hpp>
#include <locket/registry.hpp>
#include <locket/result.hpp>
#include <locket/store.hpp>

/// A store in this process's memory, for tests and for secrets that must not outlive the process. It keeps the whole
/// contract of SecretStore but stages, and is the reference for what that contract means: where `store.hpp` leaves
/// something open, `backends/memory` shows what to do.
///
///     std::shared_ptr<locket::SecretStore> store = *locket::memory::open();
namespace locket::inline v1::memory {

/// How a memory store is opened.
struct Options {
  StoreSettings settings = {};
  /// Versions of a secret that are kept; one more drops the oldest, which is then NotFound. 0 keeps all.
  std::uint64_t max_versions = 10;
  /// Bytes of one encoded value; more is LimitExceeded. 0 means no limit.
  std::uint64_t max_value = std::uint64_t{1} << 20;
};

/// An empty store. Two stores share nothing. Does not fail; the Result is there because every backend's `open` has one.
LOCKET_EXPORT Result<std::shared_ptr<SecretStore>> open(Options options = {});

/// Teaches `registry` the URL `memory:`, which has no options.
LOCKET_EXPORT void add_schemes(Registry& registry);

}  // namespace locket::inline v1::memory
