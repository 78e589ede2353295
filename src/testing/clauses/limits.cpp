// The limits that a store's capabilities name, each at its edge and one beyond.
#include <fmt/format.h>

#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

// So much is tried in earnest; a limit beyond it is taken at its word.
constexpr std::uint64_t affordable_value = 16U << 20U;
constexpr std::uint64_t affordable_tags = 1'000;
constexpr std::uint64_t affordable_versions = 100;

void value_size(Trial& t) {
  const std::uint64_t most = t.can().max_value;
  if (t.skip_if(most == 0 || most > affordable_value, "the store names no limit that can be tried")) return;
  SecretStore& store = t.open();
  t.put(store, "full", std::string(most, 'x'));
  t.reads(store, "full", std::string(most, 'x'));
  const Snapshot before = look(store, "full");
  const auto refused = store.put("full", bytes(std::string(most + 1, 'x')));
  t.fails(refused, ErrorCode::LimitExceeded, "put of one byte too many");
  t.fails(store.put("new", bytes(std::string(most + 1, 'x'))), ErrorCode::LimitExceeded, "put of one byte too many");
  t.same(look(store, "full"), before, "the refused put to leave the secret as it was");
  t.fails(store.get("new"), ErrorCode::NotFound, "get of what was refused");
}

void fields_size(Trial& t) {
  const std::uint64_t most = t.can().max_value;
  if (t.skip_if(most == 0 || most > affordable_value, "the store names no limit that can be tried")) return;
  if (t.skip_if(t.quirks().bytes_only, "this store keeps bytes only")) return;
  const std::string half(most / 2, 'x');
  t.fails(t.open().put("login", fields({{"a", half}, {"b", half}})), ErrorCode::LimitExceeded,
          "put of fields that fit one by one, but not as the object that they are kept as,");
}

void name_size(Trial& t) {
  const std::uint64_t most = t.can().max_name;
  if (t.skip_if(most == 0 || most >= max_name_size, "the store takes all names")) return;
  SecretStore& store = t.open();
  const std::string name(most + 1, 'n');
  for (const OperationKind kind : all_operations) {
    if (kind == OperationKind::Health || kind == OperationKind::List || !claims(t.can(), kind)) continue;
    const auto error = attempt(store, kind, {.name = name});
    t.failed_with(error_of(error), {ErrorCode::LimitExceeded}, fmt::format("{} with a name too long", to_string(kind)));
  }
}

MetadataPatch tags(std::uint64_t count) {
  MetadataPatch patch;
  for (std::uint64_t i = 0; i < count; ++i) patch.tags.emplace(fmt::format("tag{}", i), "value");
  return patch;
}

void tag_count(Trial& t) {
  const std::uint64_t most = t.can().max_tags;
  if (t.skip_if(most == 0 || most > affordable_tags, "the store names no limit that can be tried")) return;
  SecretStore& store = t.open({{"a", "1"}, {"b", "1"}});
  t.annotate(store, "a", tags(most));
  t.annotate(store, "a", {.tags = {{"tag0", "another value"}}});
  const Snapshot before = look(store, "a");
  t.fails(store.annotate("a", {.description = "d", .tags = {{"more", "x"}}}), ErrorCode::LimitExceeded,
          "annotate with one tag too many");
  t.same(look(store, "a"), before, "the refused annotate to leave the secret as it was");
  t.fails(store.annotate("b", tags(most + 1)), ErrorCode::LimitExceeded, "annotate with one tag too many at once");
  t.annotate(store, "a", {.tags = {{"tag0", clear}, {"more", "x"}}});
}

void version_count(Trial& t) {
  const std::uint64_t most = t.can().versions ? t.can().max_versions : 0;
  if (t.skip_if(most == 0 || most > affordable_versions, "the store names no limit that can be tried")) return;
  SecretStore& store = t.open();
  std::vector<Version> put;
  put.reserve(most + 2);
  for (std::uint64_t i = 0; i < most + 2; ++i) put.push_back(t.put(store, "a", fmt::format("value {}", i)));
  for (std::uint64_t i = 2; i < put.size(); ++i) {
    t.holds(store.get("a", at(put[i])), fmt::format("value {}", i), "get of one of the versions that are kept");
  }
  t.fails(store.get("a", at(put[0])), {ErrorCode::NotFound, ErrorCode::Deleted}, "get of a version too old");
  std::uint64_t live = 0;
  for (const VersionInfo& version : t.versions(store, "a")) live += version.state == VersionInfo::State::Live ? 1 : 0;
  t.count(live, most, "the number of live versions");
}

using Can = Capabilities;
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"limit/value", "store.hpp", "LimitExceeded: too large.", {&Can::put}, value_size},
    {"limit/fields", "capabilities.hpp", "bytes of one encoded value", {&Can::put}, fields_size},
    {"limit/name", "capabilities.hpp", "bytes of a name, where less than max_name_size", {}, name_size},
    {"limit/tags", "store.hpp", "LimitExceeded: too many tags.", {&Can::annotate}, tag_count},
    {"limit/versions", "capabilities.hpp", "versions kept; 0 = all", {&Can::put}, version_count},
});

}  // namespace

Theme limit_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
