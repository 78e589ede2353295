#include "failure.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/printable.hpp"

namespace locket::inline v1::vault {
namespace {

constexpr const char* look_in_between =
    "check the address: something else may answer there, or stand between Vault and this program";

http::Purpose purpose_of(const Ask& ask) {
  return http::purpose_of(http::Request{.method = ask.method, .purpose = ask.purpose});
}

Effect lost(const Ask& ask) {
  return purpose_of(ask) == http::Purpose::Read ? Effect::None : Effect::Unknown;
}

// Vault's word in a policy for what the request would have done.
std::string_view capability(http::Method method) {
  switch (method) {
    case http::Method::Get:
    case http::Method::Head: return R"("read")";
    case http::Method::List: return R"("list")";
    case http::Method::Post:
    case http::Method::Put: return R"("create", "update")";
    case http::Method::Patch: return R"("patch")";
    case http::Method::Delete: return R"("delete")";
  }
  return R"("read")";
}

struct State {
  const char* reason;
  const char* message;
  const char* hint;
};

constexpr State sealed{.reason = "vault.sealed",
                       .message = "Vault is sealed",
                       .hint = "unseal it; it keeps its secrets and answers again then"};
constexpr State standby{.reason = "vault.standby",
                        .message = "this node of Vault is on standby and does not pass requests on",
                        .hint = "give the address of the active node, or of the load balancer before the nodes"};
constexpr State uninitialized{
    .reason = "vault.not_initialized", .message = "Vault is not initialized", .hint = "run `vault operator init`"};
constexpr State behind{
    .reason = "vault.behind", .message = "this node of Vault has not seen the last write yet", .hint = "try again"};
constexpr State faulty{.reason = "vault.unavailable",
                       .message = "Vault, or what stands in front of it, cannot answer now",
                       .hint = "look at its log, and at its state with `vault status`"};

Error unavailable(const State& state, const Ask& ask, int status, Effect effect) {
  return Error(
      {.code = ErrorCode::Unavailable,
       .reason = state.reason,
       .message = fmt::format("{} (status {} to {} {})", state.message, status, http::to_string(ask.method), ask.path),
       .hint = state.hint,
       .effect = effect,
       .http_status = status});
}

Error server_failure(const Ask& ask, const Answer& answer) {
  const int status = answer.status;
  // Nothing was done: these are found out before a request is looked at.
  if (status == 501 || answer.says("not initialized")) return unavailable(uninitialized, ask, status, Effect::None);
  if (answer.says("is sealed")) return unavailable(sealed, ask, status, Effect::None);
  if (answer.says("in standby mode")) return unavailable(standby, ask, status, Effect::None);
  Error error = unavailable(faulty, ask, status, lost(ask));
  error.details().retry_after = answer.retry_after;
  return error;
}

Error throttled(const Answer& answer) {
  return Error({.code = ErrorCode::Throttled,
                .reason = "vault.throttled",
                .message = "Vault asks to slow down (status 429)",
                .hint = "ask less often, or raise the quota",
                .retry_after = answer.retry_after,
                .http_status = answer.status});
}

Error too_large(const Answer& answer) {
  return Error({.code = ErrorCode::LimitExceeded,
                .reason = "vault.too_large",
                .message = "the request is larger than Vault takes (status 413)",
                .hint = "store less in one secret, or raise `max_request_size` of Vault's listener",
                .http_status = answer.status});
}

Error failure_by_status(const Ask& ask, const Answer& answer) {
  const int status = answer.status;
  switch (status) {
    case 307:
    case 308: return unavailable(standby, ask, status, Effect::None);
    case 403: return refused(ask);
    case 412: return unavailable(behind, ask, status, Effect::None);
    case 413: return too_large(answer);
    case 429: return throttled(answer);
    case 472:
    case 473: return unavailable(standby, ask, status, Effect::None);
    default: break;
  }
  if (status >= 500) return server_failure(ask, answer);
  return malformed(ask, status, "a status that was not to be expected");
}

}  // namespace

Error invalid_option(std::string message, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.option",
                .message = std::move(message),
                .hint = std::move(hint)});
}

Error no_namespace(const std::string& name) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.no_namespace",
                .message = fmt::format("Vault knows no namespace '{}'", printable(name)),
                .hint = "`vault namespace list` shows those of a namespace; check VAULT_NAMESPACE, too",
                .http_status = 404});
}

Error malformed(const Ask& ask, int status, std::string_view what) {
  return Error({.code = ErrorCode::MalformedResponse,
                .reason = "vault.response",
                .message = fmt::format("the answer to {} {} is none of Vault's: {} (status {})",
                                       http::to_string(ask.method), ask.path, what, status),
                .hint = look_in_between,
                .effect = lost(ask),
                .http_status = status});
}

Error too_long(const Ask& ask, Error error) {
  const bool is_long = ask.max_body == long_answer;
  const std::string limit = is_long ? "the connection's max_body" : fmt::format("{} bytes", ask.max_body);
  error.details().message = fmt::format("the answer to {} {} is longer than {}, and was not read to its end",
                                        http::to_string(ask.method), ask.path, limit);
  error.details().hint = is_long ? "raise max_body in the options of the connection, or keep less in one place: names "
                                   "in more folders, fewer versions"
                                 : look_in_between;
  return error;
}

Error refused(const Ask& ask) {
  return Error(
      {.code = ErrorCode::PermissionDenied,
       .reason = "vault.refused",
       .message = fmt::format("Vault refuses {} {} to this program's token", http::to_string(ask.method), ask.path),
       .hint = fmt::format("give its policy: path \"{}\" {{ capabilities = [{}] }}", ask.path, capability(ask.method)),
       .http_status = 403});
}

Error failure_of(const Ask& ask, const Answer& answer) {
  return after_earlier(failure_by_status(ask, answer), ask, answer);
}

Error after_earlier(Error error, const Ask& ask, const Answer& answer) {
  const bool unknown = answer.earlier == Effect::Unknown && error.effect() == Effect::None;
  if (unknown) error.details().effect = lost(ask);
  return error;
}

void keep_earlier(Result<Answer>& last, Effect earlier) {
  if (earlier == Effect::Unknown) (last ? last->earlier : last.error().details().effect) = earlier;
}

}  // namespace locket::inline v1::vault
