#include <locket/metadata.hpp>

namespace locket::inline v1 {
namespace {

template <class T>
void change(T& field, const Change<T>& change) {
  if (change.clears()) field = T();
  if (change.value() != nullptr) field = *change.value();
}

template <class T>
void change(std::optional<T>& field, const Change<T>& change) {
  if (change.clears()) field.reset();
  if (change.value() != nullptr) field = *change.value();
}

}  // namespace

Metadata apply(Metadata metadata, const MetadataPatch& patch) {
  change(metadata.description, patch.description);
  change(metadata.type, patch.type);
  change(metadata.provider, patch.provider);
  change(metadata.status, patch.status);
  for (const auto& [key, value] : patch.tags) {
    if (value.clears()) metadata.tags.erase(key);
    if (value.value() != nullptr) metadata.tags[key] = *value.value();
  }
  change(metadata.expires, patch.expires);
  change(metadata.rotation_period, patch.rotation_period);
  change(metadata.last_rotated, patch.last_rotated);
  change(metadata.reminder_days, patch.reminder_days);
  return metadata;
}

}  // namespace locket::inline v1
