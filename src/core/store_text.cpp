// The overloads that take names as text: parse, then call the one that takes a name.
#include <locket/store.hpp>

namespace locket::inline v1 {
namespace {

Error refused(Error error, std::string_view operation, const SecretStore& store) {
  error.details().operation = operation;
  error.details().backend = store.describe();
  return error;
}

template <class Operation>
auto with_name(const SecretStore& store, std::string_view operation, std::string_view text, Operation run)
    -> decltype(run(std::declval<NameView>())) {
  auto name = NameView::parse(text);
  if (!name) return refused(std::move(name).error(), operation, store);
  return run(*name);
}

}  // namespace

Result<Secret> SecretStore::get(std::string_view name, const GetOptions& options, const Call& call) {
  return with_name(*this, "get", name, [&](NameView parsed) { return get(parsed, options, call); });
}
Result<SecretInfo> SecretStore::stat(std::string_view name, const GetOptions& options, const Call& call) {
  return with_name(*this, "stat", name, [&](NameView parsed) { return stat(parsed, options, call); });
}
Result<Page<SecretInfo>> SecretStore::list(std::string_view prefix, const ListOptions& options, const Call& call) {
  auto parsed = Prefix::parse(prefix);
  if (!parsed) return refused(std::move(parsed).error(), "list", *this);
  return list(*parsed, options, call);
}
Result<Page<VersionInfo>> SecretStore::versions(std::string_view name, const ListOptions& options, const Call& call) {
  return with_name(*this, "versions", name, [&](NameView parsed) { return versions(parsed, options, call); });
}
Result<Version> SecretStore::put(std::string_view name, const SecretData& data, const PutOptions& options,
                                 const Call& call) {
  return with_name(*this, "put", name, [&](NameView parsed) { return put(parsed, data, options, call); });
}
Result<Version> SecretStore::rollback(std::string_view name, const Version& version, const PutOptions& options,
                                      const Call& call) {
  return with_name(*this, "rollback", name, [&](NameView parsed) { return rollback(parsed, version, options, call); });
}
Result<void> SecretStore::annotate(std::string_view name, const MetadataPatch& patch, const Call& call) {
  return with_name(*this, "annotate", name, [&](NameView parsed) { return annotate(parsed, patch, call); });
}
Result<void> SecretStore::remove(std::string_view name, const Call& call) {
  return with_name(*this, "remove", name, [&](NameView parsed) { return remove(parsed, call); });
}
Result<void> SecretStore::undelete(std::string_view name, const Call& call) {
  return with_name(*this, "undelete", name, [&](NameView parsed) { return undelete(parsed, call); });
}
Result<void> SecretStore::purge(std::string_view name, const Call& call) {
  return with_name(*this, "purge", name, [&](NameView parsed) { return purge(parsed, call); });
}
Result<void> SecretStore::report_rejected(std::string_view name, const Version& version, const Call& call) {
  return with_name(*this, "report_rejected", name,
                   [&](NameView parsed) { return report_rejected(parsed, version, call); });
}

}  // namespace locket::inline v1
