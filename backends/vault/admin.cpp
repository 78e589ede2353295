#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <locket/backends/vault_admin.hpp>

#include "environment.hpp"
#include "failure.hpp"
#include "health.hpp"
#include "kv.hpp"
#include "kv_errors.hpp"
#include "kv_values.hpp"
#include "session.hpp"

namespace locket::inline v1::vault {
namespace {

Error no_versions() {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.versions",
                .message = "no version is named that is to be destroyed",
                .hint = "name at least one"});
}

Error no_fields() {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.fields",
                .message = "a patch is of fields, and this is bytes",
                .hint = "put the new value"});
}

Error too_old() {
  return Error({.code = ErrorCode::NotSupported,
                .reason = "vault.patch",
                .message = "this Vault changes no single fields",
                .hint = "upgrade it to 1.9, or read all fields and put them with the version as the condition"});
}

Result<std::vector<std::uint64_t>> numbers_of(NameView name, std::span<const Version> versions, const Record& record) {
  std::vector<std::uint64_t> numbers;
  for (const Version& version : versions) {
    const auto number = number_of(version);
    if (!number || record.find(*number) == nullptr) return no_version(name, version);
    numbers.push_back(*number);
  }
  return numbers;
}

SecretBuffer patch_of(std::string_view object, std::optional<std::uint64_t> cas) {
  SecretBuffer body;
  body.reserve(object.size() + 64);
  body.append(R"({"data":)");
  body.append(object);
  if (cas) body.append(fmt::format(R"(,"options":{{"cas":{}}})", *cas));
  body.append("}");
  return body;
}

}  // namespace

class Admin::Work {
 public:
  Work(std::unique_ptr<Session> session, Paths paths, bool is_kv2)
      : session_(std::move(session)), kv_(session_->client(), std::move(paths), is_kv2, session_->clock()) {}

  const Session& session() const noexcept { return *session_; }

  Result<void> destroy(NameView name, std::span<const Version> versions, const Call& call) {
    if (versions.empty()) return no_versions();
    const auto record = kv_.record(name, call);
    if (!record) return record.error();
    const auto numbers = numbers_of(name, versions, *record);
    return numbers ? kv_.mark("destroy", name, *numbers, call) : Result<void>(numbers.error());
  }

  Result<Version> patch(NameView name, const SecretData& fields, const std::optional<Version>& expected,
                        const Call& call) {
    if (fields.kind() != SecretData::Kind::Fields) return no_fields();
    const auto object = object_of(fields);
    if (!object) return object.error();
    const auto cas = expected ? number_of(*expected) : std::nullopt;
    if (expected && !cas) return other_version(name, *expected);
    if (auto good = kv_.mount().check(call); !good) return std::move(good).error();
    const SecretBuffer body = patch_of(object->view(), cas);
    const Ask ask{.method = http::Method::Patch,
                  .path = kv_.paths().data(name),
                  .body = body.view(),
                  .content_type = merge_patch};
    const auto answer = kv_.client().send(ask, call);
    if (!answer) return answer.error();
    if (answer->status == 405) return too_old();
    if (answer->status == 400 && answer->says(cas_mismatch) && expected) return other_version(name, *expected);
    if (answer->status == 404) return nothing_to_patch(name, call);
    return kv_.version_in(ask, *answer, cas, call);
  }

 private:
  // Vault answers with an empty 404 whether it is deleted or was never there; a read's tell the two apart.
  Error nothing_to_patch(NameView name, const Call& call) {
    const auto secret = kv_.read(name, Current(), call);
    return secret ? too_many_writers(name) : secret.error();
  }

  const std::unique_ptr<Session> session_;
  Kv kv_;
};

Admin::Admin(std::unique_ptr<Work> work) noexcept : work_(std::move(work)) {}
Admin::Admin(Admin&&) noexcept = default;
Admin& Admin::operator=(Admin&&) noexcept = default;
Admin::~Admin() = default;

Result<Admin> Admin::open(Options options) {
  if (auto good = check_wait(options.wait_ready); !good) return std::move(good).error();
  auto paths = Paths::make(options.mount, options.prefix);
  if (!paths) return std::move(paths).error();
  auto whole = complete(std::move(options));
  if (!whole) return std::move(whole).error();
  auto session = Session::open(*whole, fmt::format("vault {}/{}, administration", whole->address, paths->mount()));
  if (!session) return std::move(session).error();
  return Admin(std::make_unique<Work>(std::move(*session), std::move(*paths), whole->is_kv2));
}

Result<void> Admin::destroy(NameView name, std::span<const Version> versions, const Call& call) {
  return work_->session().run("destroy", call, [&] { return work_->destroy(name, versions, call); });
}

Result<Version> Admin::patch(NameView name, const SecretData& fields, const std::optional<Version>& expected,
                             const Call& call) {
  return work_->session().run("patch", call, [&] { return work_->patch(name, fields, expected, call); });
}

}  // namespace locket::inline v1::vault
