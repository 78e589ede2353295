#include "kv_mount.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "failure.hpp"
#include "kv_errors.hpp"
#include "server.hpp"

namespace locket::inline v1::vault {
namespace {

Error no_mount(std::string message, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.no_mount",
                .message = std::move(message),
                .hint = std::move(hint)});
}

Error nothing_at(const std::string& path) {
  return no_mount(fmt::format("nothing is mounted at '{}'", path),
                  "`vault secrets list` shows the mounts of a namespace; the mount is the URL's whole path");
}

// What a path copied from Vault's API has between mount and name.
bool is_api(std::string_view segment) {
  return segment == "data" || segment == "metadata" || segment == "subkeys";
}

Error deeper_than(std::string_view path, std::string_view mount) {
  std::string_view prefix = path.substr(mount.size() + 1);
  const std::string_view first = prefix.substr(0, prefix.find('/'));
  if (is_api(first)) prefix.remove_prefix(std::min(prefix.size(), first.size() + 1));
  std::string hint = fmt::format("name the mount '{}'", mount);
  if (!prefix.empty()) hint += fmt::format(", and write prefix={}", prefix);
  if (is_api(first)) hint += fmt::format(": leave '{}' out, locket adds it", first);
  return no_mount(fmt::format("'{}' is a folder of the mount '{}'", path, mount), std::move(hint));
}

Error other_engine(const std::string& path, std::string_view type) {
  return no_mount(fmt::format("what is mounted at '{}' is no KV engine but '{}'", path, printable(type)),
                  "name a mount of type kv");
}

Error version_one(const std::string& path) {
  return Error({.code = ErrorCode::NotSupported,
                .reason = "vault.kv1",
                .message = fmt::format("the mount '{}' is of KV version 1, which locket does not speak", path),
                .hint = fmt::format("upgrade it, for all its users: vault kv enable-versioning {}/", path)});
}

}  // namespace

Result<void> Mount::check(const Call& call) {
  if (good_.load(std::memory_order_acquire)) return {};
  const auto answer = client_->send({.path = "sys/internal/ui/mounts/" + path_}, call);
  if (!answer && answer.error().code() != ErrorCode::PermissionDenied) {
    return with_effect(answer.error(), Effect::None);  // nothing of what is to be done was done
  }
  if (answer && !answer->ok()) return {};  // no answer to this question: it says nothing for the mount or against it
  if (answer) {
    if (auto good = judge(answer->root()["data"]); !good) return good;
  }
  good_.store(true, std::memory_order_release);
  return {};
}

Result<void> Mount::explain(const Answer& answer, const Call& call) {
  if (answer.says("no handler for route")) return nothing_at(path_);
  if (answer.says("namespace not found")) return no_namespace(client_->server().name_space());
  auto good = check(call);
  if (!good && good.error().code() == ErrorCode::Unauthenticated) return {};
  return good;
}

Result<void> Mount::judge(http::Json::Value data) const {
  if (!data["path"] || !data["type"]) return {};
  std::string_view mount = data["path"].text();
  if (mount.ends_with('/')) mount.remove_suffix(1);
  const std::string_view type = data["type"].text();
  if (mount != path_) {
    const bool above = !mount.empty() && path_.starts_with(std::string(mount) + '/');
    return above ? deeper_than(path_, mount) : nothing_at(path_);
  }
  if (type != "kv" && type != "generic") return other_engine(path_, type);
  if (data["options"]["version"].text() != "2") return version_one(path_);
  return {};
}

}  // namespace locket::inline v1::vault
