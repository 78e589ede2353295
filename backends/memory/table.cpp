#include "table.hpp"

#include <fmt/format.h>

namespace locket::inline v1::memory {

Error Table::no_secret(NameView name) {
  return Error({.code = ErrorCode::NotFound,
                .reason = "secret.not_found",
                .message = fmt::format("no secret named '{}'", name.text()),
                .hint = "list the names that there are"});
}

// The index first: should memory run out in between, it holds a name too many, which a listing skips and the next put
// uses. The other way round a secret would be hidden.
void Table::add(Shard& shard, NameView name, Record record) {
  {
    const std::lock_guard lock(index_mutex_);
    index_.emplace(name);
  }
  shard.records.emplace(name, std::move(record));
}

Result<void> Table::erase(NameView name) {
  Records::node_type gone;  // Outlives the lock: nobody waits while the values are wiped.
  Shard& shard = shard_of(name);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.records.find(name);
  if (found == shard.records.end()) return no_secret(name);
  gone = shard.records.extract(found);
  const std::lock_guard index_lock(index_mutex_);
  index_.erase(gone.key());
  return {};
}

std::vector<Name> Table::names(const Prefix& prefix, std::string_view after, std::size_t count) const {
  std::vector<Name> names;
  const std::lock_guard lock(index_mutex_);
  auto name = after.empty() ? index_.lower_bound(prefix.text()) : index_.upper_bound(after);
  for (; name != index_.end() && prefix.contains(*name) && names.size() < count; ++name) names.push_back(*name);
  return names;
}

}  // namespace locket::inline v1::memory
