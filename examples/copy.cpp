#include <iostream>

#include <locket/all.hpp>

// Every secret of one store goes into another, with its metadata: from a laptop's file into Vault, for instance. Only
// the current versions go, and what is there already stays.
namespace {

locket::Result<locket::SecretData> data_of(const locket::Secret& secret) {
  locket::SecretValue value = secret.value().clone();
  if (secret.kind() == locket::SecretData::Kind::Fields) return locket::SecretData::json_object(std::move(value));
  return locket::SecretData::bytes(std::move(value));
}

locket::MetadataPatch patch_of(const locket::Metadata& metadata) {
  locket::MetadataPatch patch;
  if (!metadata.description.empty()) patch.description = metadata.description;
  if (!metadata.type.empty()) patch.type = metadata.type;
  if (!metadata.provider.empty()) patch.provider = metadata.provider;
  if (!metadata.status.empty()) patch.status = metadata.status;
  for (const auto& [key, value] : metadata.tags) patch.tags[key] = value;
  if (metadata.expires) patch.expires = *metadata.expires;
  if (metadata.rotation_period) patch.rotation_period = *metadata.rotation_period;
  if (metadata.last_rotated) patch.last_rotated = *metadata.last_rotated;
  if (metadata.reminder_days) patch.reminder_days = *metadata.reminder_days;
  return patch;
}

locket::Result<void> copy(locket::SecretStore& from, locket::SecretStore& to, const locket::Name& name) {
  const auto secret = from.get(name);
  if (!secret) return secret.error();
  const auto data = data_of(*secret);
  if (!data) return data.error();
  locket::PutOptions options{.condition = locket::MustNotExist{}};
  if (to.capabilities().annotate) options.metadata = patch_of(secret->metadata());
  const auto put = to.put(name, *data, options);
  return put ? locket::Result<void>() : put.error();
}

// Tells what became of each, and whether all are there now.
locket::Result<bool> copy_all(locket::SecretStore& from, locket::SecretStore& to) {
  bool all = true;
  locket::ListOptions options;
  do {
    const auto page = from.list("", options);
    if (!page) return page.error();
    for (const locket::SecretInfo& info : page->items) {
      const auto copied = copy(from, to, info.name);
      const bool kept = !copied && copied.error().code() == locket::ErrorCode::Conflict;
      if (copied || kept) {
        std::cout << (kept ? "kept   " : "copied ") << info.name.text() << '\n';
      } else {
        std::cerr << info.name.text() << ": " << copied.error() << '\n';
        all = false;
      }
    }
    options.page = page->next;
  } while (!options.page.empty());
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::cerr << "copy FROM TO, two stores' URLs\n", 2;
  const locket::Registry registry = locket::default_registry();
  const auto from = registry.open(argv[1]);
  if (!from) return std::cerr << from.error() << '\n', 1;
  const auto to = registry.open(argv[2]);
  if (!to) return std::cerr << to.error() << '\n', 1;
  const auto all = copy_all(**from, **to);
  if (!all) return std::cerr << all.error() << '\n', 1;
  return *all ? 0 : 1;
}
