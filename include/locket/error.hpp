#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <locket/export.hpp>
#include <locket/place.hpp>

namespace locket::inline v1 {

/// What went wrong, as far as a program acts on it. The kinds are never blurred: a fallback, a default value and a
/// cache decide by them, so "refused" read as "not there" would be a security hole.
/// For a store that is files: no permission is PermissionDenied, damaged content Integrity, other I/O faults
/// Unavailable.
enum class ErrorCode : std::uint8_t {
  InvalidArgument,    ///< The caller's argument is wrong whatever the store holds (a bad name, an unknown option).
  NotFound,           ///< The store answered: no such secret, version, stage or field.
  Deleted,            ///< It existed and is soft-deleted; `undelete` may bring it back.
  Expired,            ///< Its `expires` has passed; the value is not released.
  Unauthenticated,    ///< No valid identity: a login failed or credentials are missing. Nothing is known of the secret.
  PermissionDenied,   ///< A valid identity was refused.
  Conflict,           ///< A condition did not hold (another version is current), or an idempotency key was reused.
  NotSupported,       ///< This store cannot do that; `capabilities()` says so beforehand.
  LimitExceeded,      ///< Over a limit of the store (value, name, tags), found before any I/O where it is known.
  Throttled,          ///< The service asks to slow down; see `retry_after`.
  Unavailable,        ///< The store is there but cannot serve now (sealed, starting, used in a forked child).
  Network,            ///< No connection, or it broke.
  Timeout,            ///< The call's deadline, or the store's own limit, passed.
  Cancelled,          ///< The call's stop token was triggered.
  MalformedResponse,  ///< The store answered something that its protocol does not allow.
  Integrity,          ///< Stored data were damaged or tampered with.
  AuditFailed,        ///< The audit trail could not record the operation, so nothing was released.
  Internal,           ///< A fault of locket or of the machine that no other kind describes.
};

/// What a failed write did to the store.
enum class Effect : std::uint8_t {
  None,     ///< Nothing was changed.
  Applied,  ///< The write is in the store, although an error is reported (the audit after it failed, say).
  Unknown,  ///< The answer was lost; read the secret, or repeat with the same idempotency key.
};

/// The kind in words that stay the same over releases: "NotFound". Never allocates.
LOCKET_EXPORT std::string_view to_string(ErrorCode code) noexcept;
/// "none", "applied" or "unknown". Never allocates.
LOCKET_EXPORT std::string_view to_string(Effect effect) noexcept;

/// Everything that an Error says. None of it ever holds a value, a token or a response body.
struct ErrorDetails {
  ErrorCode code = ErrorCode::Internal;
  /// Stable text for programs where the kind is too coarse: "local.wrong_key". May be empty.
  std::string reason = {};
  /// What is wrong, one clause that names the thing, no full stop: "no secret named 'db/pasword'".
  std::string message = {};
  /// What to do about it, in the imperative: "did you mean 'db/password'?". May be empty.
  std::string hint = {};
  /// The store, as its `describe()` says. Filled in by SecretStore where it is empty, as are the next two.
  std::string backend = {};
  /// The operation: "get", "put", …
  std::string operation = {};
  /// The secret's name, empty for operations on the whole store.
  std::string name = {};
  /// What a failed write did. Reads have no effect.
  Effect effect = Effect::None;
  /// Whether the same call may succeed later. Without a value the kind decides (see Error::retryable).
  std::optional<bool> retryable = {};
  /// How long the service asks to wait before the next try.
  std::optional<std::chrono::milliseconds> retry_after = {};
  /// The HTTP status that carried it, 0 when there was none.
  int http_status = 0;
  /// The service's own identifier of the request, for its operators' logs.
  std::string request_id = {};
  /// Where in a configuration file or another text the reason stands, none when there is no such text.
  std::optional<Place> place = {};
};

/// Why an operation failed. One pointer wide, so that a Result stays small; copying copies the text.
/// Thread safety: as a std::string. A moved-from Error may only be assigned to or destroyed.
class LOCKET_EXPORT Error {
 public:
  explicit Error(ErrorDetails details);
  /// One error that stands for several (all bad references of a document), in the order of their places.
  Error(ErrorDetails details, std::vector<Error> causes);
  Error(const Error& other);
  Error& operator=(const Error& other);
  Error(Error&&) noexcept;
  Error& operator=(Error&&) noexcept;
  ~Error();

  ErrorCode code() const noexcept { return details_->code; }
  const std::string& reason() const noexcept { return details_->reason; }
  const std::string& message() const noexcept { return details_->message; }
  const std::string& hint() const noexcept { return details_->hint; }
  const std::string& backend() const noexcept { return details_->backend; }
  const std::string& operation() const noexcept { return details_->operation; }
  const std::string& name() const noexcept { return details_->name; }
  Effect effect() const noexcept { return details_->effect; }
  /// Throttled, Unavailable, Network and Timeout are retryable unless the details say otherwise; the rest is not.
  /// A write whose effect is Unknown is retryable only with an idempotency key or a condition.
  bool retryable() const noexcept;
  std::optional<std::chrono::milliseconds> retry_after() const noexcept { return details_->retry_after; }
  int http_status() const noexcept { return details_->http_status; }
  const std::string& request_id() const noexcept { return details_->request_id; }
  const std::optional<Place>& place() const noexcept { return details_->place; }
  /// Empty when it stands for itself alone.
  const std::vector<Error>& causes() const noexcept;

  /// All of it, for those who add to an error on its way up.
  const ErrorDetails& details() const noexcept { return *details_; }
  ErrorDetails& details() noexcept { return *details_; }

  /// The place, the message, and the hint in a second sentence: "no secret named 'a'; hint: list the
  /// names". Causes follow, each on a line of its own.
  std::string to_string() const;

 private:
  // The causes stand behind the details: a vector of Errors needs to know what an Error is.
  struct Content;
  struct Delete {
    void operator()(ErrorDetails* details) const noexcept;
  };
  std::unique_ptr<ErrorDetails, Delete> details_;
};

/// Writes `to_string()`.
LOCKET_EXPORT std::ostream& operator<<(std::ostream& out, const Error& error);

}  // namespace locket::inline v1
