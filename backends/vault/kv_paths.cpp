#include "kv_paths.hpp"

#include <fmt/format.h>

#include "failure.hpp"

namespace locket::inline v1::vault {

Result<Paths> Paths::make(std::string_view mount, std::string_view prefix) {
  const auto where = Prefix::parse(mount);
  if (!where) return invalid_option("the mount is not written as a name is: " + where.error().message());
  if (where->text().empty()) return invalid_option("the mount is empty", "name it as `vault secrets list` shows it");
  const auto folder = Prefix::parse(prefix);
  if (!folder) return invalid_option("the prefix is not written as a name is: " + folder.error().message());
  return Paths(where->text().substr(0, where->text().size() - 1), folder->text());
}

std::string Paths::below(std::string_view kind, std::string_view rest) const {
  return fmt::format("{}/{}/{}{}", mount_, kind, prefix_, rest);
}

std::string Paths::folder(std::string_view folder) const {
  std::string path = below("metadata", folder);
  path.pop_back();
  return path;
}

}  // namespace locket::inline v1::vault
