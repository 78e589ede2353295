#include "request.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "../failure.hpp"
#include "../token_life.hpp"
#include "core/json_arena.hpp"
#include "core/printable.hpp"

namespace locket::inline v1::vault {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

// Vault's answer tells nobody more than these texts do: that it is no, and in which of the ways that it has for that.
std::string hint_for(const LoginRequest& request, const Answer& answer) {
  const std::string_view mount = std::string_view(request.path).substr(0, request.path.find("/login"));
  switch (answer.status) {
    case 404: return fmt::format("check that {} is enabled at {}, and the namespace", request.method, mount);
    case 403:
      return fmt::format(
          "check {}, and that {} is enabled at {} (in this namespace); Vault also answers so while what "
          "it asks in turn is down",
          request.credentials, request.method, mount);
    default:
      return fmt::format("check {}: wrong, expired, used up, or not for this role or from this address",
                         request.credentials);
  }
}

Error login_refused(const LoginRequest& request, const Answer& answer) {
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "vault.login_refused",
                .message = fmt::format("Vault refuses the login at {} (status {})", request.path, answer.status),
                .hint = hint_for(request, answer),
                .http_status = answer.status});
}

Error second_factor(const LoginRequest& request) {
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "vault.login_refused",
                .message = fmt::format("the login at {} needs a second factor", request.path),
                .hint = "a program cannot give one: take a role without multi-factor authentication",
                .http_status = 200});
}

Result<Granted> granted(const Ask& ask, const LoginRequest& request, const Answer& answer) {
  const auto auth = answer.root()["auth"];
  if (auth["mfa_requirement"].is(http::Json::Kind::Object) && auth["client_token"].text().empty()) {
    return second_factor(request);
  }
  const auto lifetime = lifetime_of(auth["lease_duration"]);
  if (!auth["client_token"].is(http::Json::Kind::String) || auth["client_token"].text().empty() || !lifetime) {
    return malformed(ask, answer.status, "a login without a token");
  }
  const auto uses = auth["num_uses"].integer().value_or(0);
  return Granted{.token = SecretValue(auth["client_token"].text()),
                 .lifetime = lifetime,
                 .renewable = auth["renewable"].boolean().value_or(false),
                 .uses = static_cast<std::uint64_t>(std::max<std::int64_t>(uses, 0))};
}

}  // namespace

Result<void> check_segment(std::string_view text, std::string_view what) {
  if (text.empty()) return invalid_option(fmt::format("{} is empty", what));
  if (text == "." || text == ".." || text.find('/') != std::string_view::npos ||
      std::any_of(text.begin(), text.end(), is_control)) {
    return invalid_option(fmt::format("{} is '{}', which cannot be part of a path", what, printable(text)));
  }
  return {};
}

Result<void> check_auth_mount(std::string_view mount) {
  std::string_view rest = mount;
  for (;;) {
    const std::size_t slash = rest.find('/');
    if (!check_segment(rest.substr(0, slash), "a segment")) {
      return invalid_option(fmt::format("'{}' cannot be where an auth method is mounted", printable(mount)),
                            "write it as `vault auth list` does, without the slash at its end");
    }
    if (slash == std::string_view::npos) return {};
    rest.remove_prefix(slash + 1);
  }
}

Result<SecretBuffer> json_object(std::initializer_list<Member> members) {
  SecretBuffer text;
  json_arena::BufferStream stream{text};
  json_arena::Writer writer(stream);
  bool good = writer.StartObject();
  for (const Member& member : members) {
    if (member.text.empty()) continue;
    good = good && writer.Key(member.name.data(), static_cast<rapidjson::SizeType>(member.name.size())) &&
           writer.String(member.text.data(), static_cast<rapidjson::SizeType>(member.text.size()));
  }
  if (good && writer.EndObject()) return text;
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "vault.credential",
                .message = "what should log in is not UTF-8, so Vault cannot be told it",
                .hint = "check the files that it comes from"});
}

Result<Granted> log_in(Server& server, const LoginRequest& request, const Call& call) {
  const Ask ask{.method = http::Method::Post,
                .path = request.path,
                .body = request.body,
                .purpose = request.repeatable ? http::Purpose::IdempotentWrite : http::Purpose::Write,
                .anonymous = true};
  auto answer = server.send(ask, {}, call);
  if (!answer) return std::move(answer).error();
  return answer->ok() ? granted(ask, request, *answer) : login_refused(request, *answer);
}

}  // namespace locket::inline v1::vault
