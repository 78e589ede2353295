#include <locket/rotate.hpp>

#include <fmt/format.h>

namespace locket::inline v1 {
namespace {

PutOptions rotation_options(const PutOptions& asked, const SecretInfo& info, const SecretStore& store) {
  PutOptions options = asked;
  const bool unconditional = std::holds_alternative<std::monostate>(options.condition);
  if (unconditional && store.capabilities().cas != Cas::None && info.current) options.condition = *info.current;
  if (!store.capabilities().annotate) return options;
  if (!options.metadata) options.metadata.emplace();
  if (options.metadata->last_rotated.keeps()) options.metadata->last_rotated = store.settings().clock->now();
  return options;
}

}  // namespace

Result<Version> rotate(SecretStore& store, NameView name, const Generator& generate, const PutOptions& options,
                       const Call& call) {
  auto info = store.stat(name, {}, call);
  if (!info) return std::move(info).error();
  if (info->deleted) {
    return Error({.code = ErrorCode::Deleted,
                  .reason = "rotate.deleted",
                  .message = fmt::format("the secret '{}' is removed", name.text()),
                  .hint = "undelete it first, or put a new value",
                  .backend = store.describe(),
                  .operation = "rotate",
                  .name = std::string(name.text())});
  }
  auto data = generate();
  if (!data) return std::move(data).error();
  return store.put(name, *data, rotation_options(options, *info, store), call);
}

}  // namespace locket::inline v1
