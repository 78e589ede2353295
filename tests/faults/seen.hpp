#pragma once

#include <map>
#include <string>
#include <utility>

#include <locket/backends/local_admin.hpp>
#include <locket/store.hpp>

namespace faults {

/// All that a caller can see of a store: name, then version, then its value ("deleted" when it is removed); and the
/// secret's description under "description".
using Seen = std::map<std::string, std::map<std::string, std::string>>;

inline locket::Result<std::map<std::string, std::string>> see_one(locket::SecretStore& store, locket::NameView name) {
  using State = locket::VersionInfo::State;
  std::map<std::string, std::string> seen;
  auto versions = store.versions(name, {.limit = 1000});
  if (!versions) return std::move(versions).error();
  for (const locket::VersionInfo& version : versions->items) {
    if (version.state != State::Live) {
      seen[version.version.text()] = version.state == State::Deleted ? "deleted" : "destroyed";
      continue;
    }
    auto secret = store.get(name, {.which = version.version});
    if (!secret) return std::move(secret).error();
    seen[version.version.text()] = secret->value().expose();
    seen["description"] = secret->metadata().description;
  }
  return seen;
}

inline locket::Result<Seen> see(locket::SecretStore& store) {
  Seen seen;
  auto list = store.list("", {.deleted = true, .limit = 1000});
  if (!list) return std::move(list).error();
  for (const locket::SecretInfo& info : list->items) {
    auto one = see_one(store, info.name);
    if (!one) return std::move(one).error();
    seen[std::string(info.name.text())] = std::move(*one);
  }
  return seen;
}

/// What is wrong with the store as `verify` sees it; empty when it is whole.
inline std::string damage_of(locket::local::Options how) {
  auto admin = locket::local::Admin::open(std::move(how));
  if (!admin) return admin.error().to_string();
  auto report = admin->verify();
  if (!report) return report.error().to_string();
  std::string text;
  for (const locket::local::Damage& damage : report->damage) text += damage.name + ": " + damage.what + "; ";
  return text;
}

}  // namespace faults
