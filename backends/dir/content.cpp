#include "content.hpp"

#include <utility>

#include "fields.hpp"
#include "file.hpp"

namespace locket::inline v1::dir {
namespace {

Outcome<Content> read_folder(Tree& tree, const Entry& entry, std::uint64_t limit, const Stopped& stopped) {
  const auto folder = tree.enter(entry);
  if (!folder) return folder.failed();
  const auto files = field_files(tree, *folder, stopped);
  if (!files) return files.failed();
  auto fields = read_fields(tree, *folder, *files, limit, stopped);
  if (!fields) return fields.failed();
  return Content{.folder = true, .fields = *std::move(fields), .updated = newest(*files)};
}

Outcome<SecretInfo> describe_folder(Tree& tree, const Entry& entry, NameView name, const Stopped& stopped) {
  const auto folder = tree.enter(entry);
  if (!folder) return folder.failed();
  const auto files = field_files(tree, *folder, stopped);
  if (!files) return files.failed();
  std::vector<std::string> fields;
  for (const Entry& file : *files) fields.push_back(file.name);
  return SecretInfo{.name = Name(name), .metadata = Metadata{.updated = newest(*files)}, .fields = std::move(fields)};
}

}  // namespace

Outcome<Content> read_content(Tree& tree, std::string_view name, std::uint64_t limit, const Stopped& stopped) {
  const auto entry = tree.locate(name);
  if (!entry) return entry.failed();
  if (entry->kind == Kind::Folder) return read_folder(tree, *entry, limit, stopped);
  const auto file = tree.open(*entry);
  if (!file) return file.failed();
  auto bytes = read_file(*file, entry->identity, limit);
  if (!bytes) return bytes.failed();
  return Content{.bytes = *std::move(bytes), .updated = entry->identity.modified};
}

Outcome<SecretInfo> describe_entry(Tree& tree, NameView name, const Stopped& stopped) {
  const auto entry = tree.locate(name.text());
  if (!entry) return entry.failed();
  switch (entry->kind) {
    case Kind::Folder: return describe_folder(tree, *entry, name, stopped);
    case Kind::File: break;
    case Kind::Other: return Failed{ENXIO};
  }
  return SecretInfo{.name = Name(name), .metadata = Metadata{.updated = entry->identity.modified}};
}

}  // namespace locket::inline v1::dir
