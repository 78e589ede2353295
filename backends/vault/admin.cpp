#include <cstdint>
#include <optional>
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

Result<std::vector<std::uint64_t>> numbers_of(NameView name, std::span<const Version> versions, const Record& record) {
  std::vector<std::uint64_t> numbers;
  for (const Version& version : versions) {
    const auto number = number_of(version);
    if (!number || record.find(*number) == nullptr) return no_version(name, version);
    numbers.push_back(*number);
  }
  return numbers;
}

// A Vault before 1.9 has no PATCH, and a policy may not have the right to it.
bool cannot_patch(const Result<Answer>& answer) {
  if (!answer) return answer.error().code() == ErrorCode::PermissionDenied;
  return answer->status == 405 || (answer->status == 404 && answer->says("unsupported"));
}

bool is_refused(const Result<Version>& version) {
  return !version && version.error().code() == ErrorCode::PermissionDenied;
}

bool lost_race(const Answer& answer) {
  return answer.status == 400 && answer.says(cas_mismatch);
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
    const SecretBuffer body = write_body(object->view(), cas);
    const Ask ask{.method = http::Method::Patch,
                  .path = kv_.paths().data(name),
                  .body = body.view(),
                  .content_type = merge_patch};
    const auto answer = kv_.client().send(ask, call);
    if (cannot_patch(answer)) {
      auto version = rewrite(name, object->view(), expected, call);
      // Of two refusals the first is told: it names the right that locket would rather have.
      return is_refused(version) && !answer ? Result<Version>(answer.error()) : std::move(version);
    }
    if (!answer) return answer.error();
    if (lost_race(*answer) && expected) return other_version(name, *expected);
    if (answer->status == 404) return nothing_to_patch(name, call);
    return kv_.version_in(ask, *answer, cas, call);
  }

 private:
  // Reads all fields, and writes them with the changes, unless somebody else wrote in between.
  Result<Version> rewrite(NameView name, std::string_view changes, const std::optional<Version>& expected,
                          const Call& call) {
    const auto patch = parse(changes);
    if (!patch) return patch.error();
    for (int i = 0; i < tries; ++i) {
      const auto before = kv_.read_object(name, Current(), call);
      if (!before) return before.error();
      if (expected && number_of(*expected) != before->version) return other_version(name, *expected);
      const auto object = parse(before->text.view());
      if (!object) return object.error();
      const SecretBuffer after = patched(object->root(), patch->root());
      const SecretBuffer body = write_body(after.view(), before->version);
      const Ask ask{.method = http::Method::Post, .path = kv_.paths().data(name), .body = body.view()};
      const auto answer = kv_.client().send(ask, call);
      if (!answer) return answer.error();
      if (!lost_race(*answer)) return kv_.version_in(ask, *answer, before->version, call);
      if (expected) return other_version(name, *expected);
    }
    return too_many_writers(name);
  }

  static Result<http::Json> parse(std::string_view object) {
    SecretBuffer text;
    text.append(object);
    return http::Json::parse(std::move(text));
  }

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
