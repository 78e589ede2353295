#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <locket/backends/memory.hpp>

namespace locket_test {

/// Stands still until a test moves it.
class StillClock final : public locket::Clock {
 public:
  Wall now() const noexcept override { return now_; }
  Steady steady() const noexcept override { return {}; }
  bool wait_until(Steady, std::stop_token) override { return true; }

  void advance(std::chrono::seconds by) { now_ += by; }

 private:
  Wall now_ = Wall(std::chrono::hours(24 * 365 * 40));
};

inline std::shared_ptr<locket::SecretStore> memory_store(locket::memory::Options options = {}) {
  return *locket::memory::open(std::move(options));
}

inline locket::SecretData bytes(std::string_view text) {
  return locket::SecretData::bytes(text);
}

/// One field "user".
inline locket::SecretData user(std::string_view value) {
  std::vector<locket::Field> fields;
  fields.push_back({.name = "user", .value = locket::SecretValue(value)});
  return *locket::SecretData::fields(fields);
}

/// The version that a put without conditions made.
inline locket::Version put(locket::SecretStore& store, std::string_view name, std::string_view text) {
  return *store.put(name, bytes(text));
}

inline locket::GetOptions at(std::string_view version) {
  return {.which = locket::Version(std::string(version))};
}

/// What a read gives: the value, or the kind of error in brackets.
inline std::string read(locket::SecretStore& store, std::string_view name, const locket::GetOptions& options = {}) {
  auto secret = store.get(name, options);
  if (!secret) return "[" + std::string(to_string(secret.error().code())) + "]";
  return std::string(secret->value().expose());
}

/// The kind of error, or "ok".
template <class T>
std::string outcome(const locket::Result<T>& result) {
  return result ? "ok" : std::string(to_string(result.error().code()));
}

/// The versions, newest first, each with the first letter of its state and a star at the current one: "3L* 2D".
inline std::string history(locket::SecretStore& store, std::string_view name) {
  std::string text;
  auto page = store.versions(name);
  for (const locket::VersionInfo& info : page->items) {
    text += (text.empty() ? "" : " ") + info.version.text() + "LDX"[static_cast<int>(info.state)];
    if (info.current) text += '*';
  }
  return text;
}

/// The names of a listing, page after page, with "|" between the pages.
inline std::string listing(locket::SecretStore& store, std::string_view prefix, locket::ListOptions options) {
  std::string text;
  do {
    auto page = store.list(prefix, options);
    for (const locket::SecretInfo& info : page->items) text += info.name.text() + (info.deleted ? "- " : " ");
    options.page = page->next;
    if (!options.page.empty()) text += "| ";
  } while (!options.page.empty());
  return text;
}

}  // namespace locket_test
