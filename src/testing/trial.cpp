#include "testing/trial.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace locket::inline v1::testing {
namespace {

constexpr std::size_t reported_failures = 5;
// More pages than any listing here has; who gets so far is being sent in circles.
constexpr std::size_t endless = 10'000;

constexpr std::array capability_names{
    std::pair{&Capabilities::put, "put"},
    std::pair{&Capabilities::idempotent_put, "idempotent_put"},
    std::pair{&Capabilities::remove, "remove"},
    std::pair{&Capabilities::soft_delete, "soft_delete"},
    std::pair{&Capabilities::undelete, "undelete"},
    std::pair{&Capabilities::purge, "purge"},
    std::pair{&Capabilities::versions, "versions"},
    std::pair{&Capabilities::stages, "stages"},
    std::pair{&Capabilities::rollback, "rollback"},
    std::pair{&Capabilities::annotate, "annotate"},
    std::pair{&Capabilities::expiry, "expiry"},
    std::pair{&Capabilities::list, "list"},
    std::pair{&Capabilities::list_metadata, "list_metadata"},
};

std::string_view name_of(bool Capabilities::* member) {
  for (const auto& [known, name] : capability_names) {
    if (known == member) return name;
  }
  return "more";
}

// Stands in when the fixture has none, so that a clause need not look.
class NoStore final : public SecretStore {
 public:
  NoStore() = default;

 protected:
  Result<Secret> do_get(NameView, const GetOptions&, const Call&) override { return missing(); }
  Result<Page<SecretInfo>> do_list(const Prefix&, const ListOptions&, const Call&) override { return missing(); }
  Result<Health> do_health(const Call&) override { return missing(); }
  const Capabilities& do_capabilities() const noexcept override { return nothing_; }
  std::string do_describe() const override { return "no store"; }

 private:
  static Error missing() { return Error({.message = "the fixture opened no store"}); }
  Capabilities nothing_;
};

std::vector<Seed> seeds_of(std::initializer_list<Text> texts) {
  std::vector<Seed> seeds;
  for (const auto& [name, value] : texts) seeds.push_back({.name = std::string(name), .data = bytes(value)});
  return seeds;
}

// Values are never quoted: a store that mixes things up may have answered with somebody's secret.
std::string difference(std::string_view seen, std::string_view expected) {
  const auto first = std::mismatch(seen.begin(), seen.end(), expected.begin(), expected.end()).first;
  return fmt::format("{} bytes that differ from them at byte {}", seen.size(), first - seen.begin());
}

}  // namespace

SecretData bytes(std::string_view text) {
  return SecretData::bytes(text);
}

SecretData fields(std::initializer_list<Text> fields) {
  return SecretData::fields(fields).value();
}

GetOptions at(const Version& version) {
  return {.which = version};
}

PutOptions only_if(const Version& version) {
  return {.condition = version};
}
PutOptions only_new() {
  return {.condition = MustNotExist{}};
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const bool plain = c >= ' ' && c <= '~';
    out += plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return out + '"';
}

std::string called(std::string_view operation, std::string_view name) {
  return fmt::format("{}({})", operation, quoted(name));
}

std::string told(const Error* error) {
  return error == nullptr ? "success" : fmt::format("{} ({})", to_string(error->code()), error->message());
}

SecretStore& Trial::adopt(Result<std::shared_ptr<SecretStore>> opened) {
  untouched_ = false;
  if (opened && *opened != nullptr) return *(store_ = std::move(*opened));
  fail("the fixture to open a store", opened ? "null" : told(&opened.error()));
  unopened_ = true;
  return *(store_ = std::make_shared<NoStore>());
}

bool Trial::admits(const Needs& needs) {
  adopt(fixture_.open({}));
  untouched_ = true;
  for (const auto needed : needs) {
    const bool missing = needed != nullptr && !(can().*needed);
    if (skip_if(missing, fmt::format("the store does not claim `{}`", name_of(needed)))) return false;
  }
  // Clauses on the history of a secret write up to three versions and look back at the first.
  const std::uint64_t kept = can().max_versions;
  const bool history = std::find(needs.begin(), needs.end(), &Capabilities::versions) != needs.end();
  return !unopened_ && !skip_if(history && kept != 0 && kept < 4, "the store keeps fewer than 4 versions");
}

SecretStore& Trial::open() {
  if (std::exchange(untouched_, false)) return *store_;
  return open(std::vector<Seed>());
}
SecretStore& Trial::open(std::initializer_list<Text> seeds) {
  return open(seeds_of(seeds));
}
SecretStore& Trial::open(const std::vector<Seed>& seeds) {
  close();
  return adopt(fixture_.open(seeds));
}

SecretStore* Trial::open_failing(ErrorCode kind, std::initializer_list<Text> seeds) {
  close();
  auto opened = fixture_.open_failing(kind, seeds_of(seeds));
  if (!arranged(opened, fmt::format("the fixture cannot arrange {}", to_string(kind)))) return nullptr;
  return &adopt(std::move(opened));
}

SecretStore* Trial::open_again() {
  auto opened = fixture_.open_again();
  if (!arranged(opened, "the fixture opens no second handle")) return nullptr;
  if (store_) handles_.push_back(std::move(store_));
  return &adopt(std::move(opened));
}

// Null means that the fixture has no such store, which is no failure.
bool Trial::arranged(const Result<std::shared_ptr<SecretStore>>& opened, std::string_view reason) {
  return !skip_if(opened && *opened == nullptr, reason);
}

void Trial::close() noexcept {
  store_.reset();
  handles_.clear();
}

bool Trial::skip_if(bool when, std::string_view reason) {
  if (when) skipped_ = reason;
  return when;
}

void Trial::fail(std::string expected, std::string seen) {
  const std::lock_guard lock(mutex_);
  if (unopened_) return;
  failures_.push_back(fmt::format("expected {}\n     saw {}", expected, seen));
}

bool Trial::failed() const {
  const std::lock_guard lock(mutex_);
  return !failures_.empty();
}

Verdict Trial::verdict(const Clause::Definition& definition) const {
  const std::lock_guard lock(mutex_);
  if (failures_.empty() && skipped_.empty()) return {};
  if (failures_.empty()) return {.outcome = Verdict::Outcome::Skipped, .text = skipped_};
  std::string text;
  for (std::size_t i = 0; i < std::min(failures_.size(), reported_failures); ++i) text += failures_[i] + '\n';
  if (failures_.size() > reported_failures)
    text += fmt::format("(and {} more)\n", failures_.size() - reported_failures);
  text += fmt::format("because {} says: \"{}\"", definition.header, definition.demands);
  return {.outcome = Verdict::Outcome::Failed, .text = std::move(text)};
}

void Trial::that(bool condition, std::string_view expected, std::string_view seen) {
  if (!condition) fail(std::string(expected), std::string(seen));
}
void Trial::count(std::size_t seen, std::size_t expected, std::string_view what) {
  if (seen != expected) fail(fmt::format("{}: {}", what, expected), std::to_string(seen));
}
void Trial::version(const Version& seen, const Version& expected, std::string_view what) {
  if (seen != expected) fail(fmt::format("{}: version {}", what, quoted(expected.text())), quoted(seen.text()));
}

bool Trial::succeeded(const Error* error, std::string_view what) {
  if (error != nullptr) fail(fmt::format("{} to succeed", what), told(error));
  return error == nullptr;
}

void Trial::failed_with(const Error* error, std::initializer_list<ErrorCode> codes, std::string_view what) {
  if (error != nullptr && std::find(codes.begin(), codes.end(), error->code()) != codes.end()) return;
  std::string expected;
  for (const ErrorCode code : codes) expected += fmt::format("{}{}", expected.empty() ? "" : " or ", to_string(code));
  fail(fmt::format("{} to fail with {}", what, expected), told(error));
}

void Trial::holds(const Result<Secret>& secret, std::string_view expected, std::string_view what) {
  if (!ok(secret, what)) return;
  const std::string_view seen = secret->value().expose();
  if (seen != expected) fail(fmt::format("{} to give {} bytes", what, expected.size()), difference(seen, expected));
}

void Trial::reads(SecretStore& store, std::string_view name, std::string_view expected) {
  holds(store.get(name), expected, called("get", name));
}

void Trial::has_field(const Secret& secret, std::string_view field, std::string_view expected) {
  const auto value = secret.field(field);
  if (!ok(value, called("Secret::field", field))) return;
  if (value->expose() == expected) return;
  fail(fmt::format("the field {} to hold {} bytes", quoted(field), expected.size()),
       difference(value->expose(), expected));
}

Version Trial::put(SecretStore& store, std::string_view name, std::string_view text, const PutOptions& options) {
  return put(store, name, bytes(text), options);
}

Version Trial::put(SecretStore& store, std::string_view name, const SecretData& data, const PutOptions& options) {
  return value(store.put(name, data, options), called("put", name)).value_or(Version("none"));
}

SecretInfo Trial::stat(SecretStore& store, std::string_view name, const GetOptions& options) {
  auto info = value(store.stat(name, options), called("stat", name));
  if (!info) info = SecretInfo{.name = Name::parse(name).value()};
  if (!info->metadata) info->metadata = Metadata();
  return std::move(*info);
}

std::vector<VersionInfo> Trial::versions(SecretStore& store, std::string_view name, const ListOptions& options) {
  std::vector<VersionInfo> all;
  ListOptions next = options;
  for (std::size_t pages = 0; pages < endless; ++pages) {
    auto page = value(store.versions(name, next), called("versions", name));
    if (!page) return all;
    std::move(page->items.begin(), page->items.end(), std::back_inserter(all));
    if (page->next.empty()) return all;
    next.page = std::move(page->next);
  }
  fail("the pages of versions to end", fmt::format("{} pages", endless));
  return all;
}

std::vector<SecretInfo> Trial::list(SecretStore& store, std::string_view prefix, const ListOptions& options) {
  std::vector<SecretInfo> all;
  ListOptions next = options;
  for (std::size_t pages = 0; pages < endless; ++pages) {
    auto page = value(store.list(prefix, next), called("list", prefix));
    if (!page) return all;
    std::move(page->items.begin(), page->items.end(), std::back_inserter(all));
    if (page->next.empty()) return all;
    next.page = std::move(page->next);
  }
  fail("the pages of the list to end", fmt::format("{} pages", endless));
  return all;
}

std::vector<std::string> Trial::names(SecretStore& store, std::string_view prefix, const ListOptions& options) {
  std::vector<std::string> names;
  for (const SecretInfo& info : list(store, prefix, options)) names.push_back(info.name.text());
  return names;
}

}  // namespace locket::inline v1::testing
