#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <locket/backends/vault.hpp>
#include <locket/call.hpp>
#include <locket/export.hpp>
#include <locket/name.hpp>
#include <locket/result.hpp>
#include <locket/secret_data.hpp>
#include <locket/which.hpp>

/// What Vault's KV engine can do beyond what every store can: destroy single versions, and change single fields.
///
///     auto admin = vault::Admin::open({.address = "https://vault.example:8200", .login = …});
///     auto destroyed = admin->destroy("db/password", {{Version("3")}});
namespace locket::inline v1::vault {

/// **Errors** besides those of vault.hpp and the transport's: those of SecretStore's operations, as said below.
///
/// Thread safety: all methods may be called from any thread at once, but not while it is moved or assigned to. In a
/// forked child all answer Unavailable (reason "store.forked").
class LOCKET_EXPORT Admin {
 public:
  /// With the options of a store, whose names it uses; its token is another one. Errors: vault::open's.
  static Result<Admin> open(Options options);

  Admin(Admin&&) noexcept;
  Admin& operator=(Admin&&) noexcept;
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;
  ~Admin();

  /// Destroys what these versions hold, for good; their numbers and times stay. What is destroyed already stays so.
  /// NotFound when there is no such secret, or it has no such version: then nothing is destroyed. InvalidArgument
  /// (reason "vault.versions") when none is named. Policy: "update" on MOUNT/destroy/…, "read" on MOUNT/metadata/….
  Result<void> destroy(NameView name, std::span<const Version> versions, const Call& call = {});
  Result<void> destroy(std::string_view name, std::span<const Version> versions, const Call& call = {}) {
    const auto parsed = NameView::parse(name);
    return parsed ? destroy(*parsed, versions, call) : parsed.error();
  }

  /// Writes a new version in which `fields` are as they are here, and what they do not name is as it was; nobody else's
  /// change is lost. A field that is null here is removed, in nested objects, too, which are merged and not replaced
  /// (RFC 7396): `SecretData::json_object(SecretValue(R"({"old":null})"))`. With `expected`, only if that is the
  /// current version: Conflict otherwise. Fields alone: InvalidArgument (reason "vault.fields") for bytes. NotFound,
  /// Deleted.
  ///
  /// One request. Where Vault is older than 1.9, or the policy has no "patch", the fields are read and written again
  /// under the condition that nobody else wrote meanwhile; without `expected` that is tried up to 8 times, then it is
  /// Conflict (reason "vault.contention"). Policy: "patch" on MOUNT/data/…, or "read" and "update" there.
  Result<Version> patch(NameView name, const SecretData& fields, const std::optional<Version>& expected = {},
                        const Call& call = {});
  Result<Version> patch(std::string_view name, const SecretData& fields, const std::optional<Version>& expected = {},
                        const Call& call = {}) {
    const auto parsed = NameView::parse(name);
    return parsed ? patch(*parsed, fields, expected, call) : parsed.error();
  }

 private:
  class Work;
  explicit Admin(std::unique_ptr<Work> work) noexcept;

  std::unique_ptr<Work> work_;
};

}  // namespace locket::inline v1::vault
