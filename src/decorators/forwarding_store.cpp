#include <locket/decorators/forwarding_store.hpp>

namespace locket::inline v1 {

ForwardingStore::ForwardingStore(std::shared_ptr<SecretStore> inner)
    : SecretStore(inner->settings()), inner_(std::move(inner)) {}

Result<Secret> ForwardingStore::do_get(NameView name, const GetOptions& options, const Call& call) {
  return inner_->get(name, options, call);
}
std::vector<Result<Secret>> ForwardingStore::do_get_many(std::span<const GetRequest> requests, const Call& call) {
  return inner_->get_many(requests, call);
}
Result<SecretInfo> ForwardingStore::do_stat(NameView name, const GetOptions& options, const Call& call) {
  return inner_->stat(name, options, call);
}
Result<Page<SecretInfo>> ForwardingStore::do_list(const Prefix& prefix, const ListOptions& options, const Call& call) {
  return inner_->list(prefix, options, call);
}
Result<Page<VersionInfo>> ForwardingStore::do_versions(NameView name, const ListOptions& options, const Call& call) {
  return inner_->versions(name, options, call);
}
Result<Version> ForwardingStore::do_put(NameView name, const SecretData& data, const PutOptions& options,
                                        const Call& call) {
  return inner_->put(name, data, options, call);
}
Result<Version> ForwardingStore::do_rollback(NameView name, const Version& version, const PutOptions& options,
                                             const Call& call) {
  return inner_->rollback(name, version, options, call);
}
Result<void> ForwardingStore::do_annotate(NameView name, const MetadataPatch& patch, const Call& call) {
  return inner_->annotate(name, patch, call);
}
Result<void> ForwardingStore::do_remove(NameView name, const Call& call) {
  return inner_->remove(name, call);
}
Result<void> ForwardingStore::do_undelete(NameView name, const Call& call) {
  return inner_->undelete(name, call);
}
Result<void> ForwardingStore::do_purge(NameView name, const Call& call) {
  return inner_->purge(name, call);
}
Result<void> ForwardingStore::do_report_rejected(NameView name, const Version& version, const Call& call) {
  return inner_->report_rejected(name, version, call);
}
Result<Health> ForwardingStore::do_health(const Call& call) {
  return inner_->health(call);
}
const Capabilities& ForwardingStore::do_capabilities() const noexcept {
  return inner_->capabilities();
}
std::string ForwardingStore::do_describe() const {
  return inner_->describe();
}

}  // namespace locket::inline v1
