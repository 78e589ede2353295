#include "wrapping.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "auth/request.hpp"
#include "core/printable.hpp"
#include "failure.hpp"
#include "kv_errors.hpp"
#include "kv_time.hpp"
#include "kv_values.hpp"
#include "token_life.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::seconds;

Error refused_token(std::string message, int status) {
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "vault.wrapped_token",
                .message = std::move(message),
                .hint = "wrap it anew; unless this program opened it before, somebody else may have read what was in "
                        "it: replace that",
                .http_status = status});
}

Error used(int status) {
  return refused_token("Vault refuses the wrapping token: it was used before, has expired, or is none", status);
}

Result<void> check_ttl(seconds ttl) {
  if (ttl >= seconds(1)) return {};
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.option",
                .message = "a wrapping token must live for a second at least"});
}

Error no_token() {
  return Error(
      {.code = ErrorCode::Unauthenticated,
       .reason = "vault.credential",
       .message = "what was given as a wrapping token is none: it has spaces or control characters, or nothing",
       .hint = "it is the one word behind wrapping_token in what `vault write -wrap-ttl=…` answers"});
}

// It travels as a header.
bool is_token(const SecretValue& token) {
  const std::string_view text = token.expose();
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<Wrapped> wrapped_in(const Ask& ask, const Answer& answer) {
  const auto info = answer.root()["wrap_info"];
  const auto lifetime = lifetime_of(info["ttl"]);
  if (!lifetime || info["token"].text().empty()) return malformed(ask, answer.status, "it is not wrapped");
  return Wrapped{.token = SecretValue(info["token"].text()),
                 .lifetime = *lifetime,
                 .path = printable(info["creation_path"].text())};
}

// Rounded up, and not more than ten years: a clock may say anything.
seconds age_of(const Label& label, const Clock& clock) {
  // Whole seconds of the server's clock, where it says them.
  const auto now = label.now ? *label.now + seconds(1) : clock.now();
  const auto oldest = now - longest_life;
  return std::chrono::ceil<seconds>(now - std::clamp(label.made, oldest, now));
}

}  // namespace

Error other_content() {
  return refused_token("the wrapping token holds something else than was expected, and was not opened", 0);
}

Result<Label> look_at(Server& server, const SecretValue& token, const Call& call) {
  if (!is_token(token)) return no_token();
  const auto body = json_object({{.name = "token", .text = token.expose()}});
  if (!body) return body.error();
  const Ask ask{.method = http::Method::Post,
                .path = "sys/wrapping/lookup",
                .body = body->view(),
                .purpose = http::Purpose::Read};
  const auto answer = server.send(ask, {}, call);
  if (!answer) return answer.error();
  if (answer->status == 400 || answer->status == 403) return used(answer->status);
  if (!answer->ok()) return failure_of(ask, *answer);
  const auto data = answer->root()["data"];
  const auto made = parse_moment(data["creation_time"].text());
  if (!made) return malformed(ask, answer->status, "it does not say when it was wrapped");
  return Label{.path = std::string(data["creation_path"].text()), .made = *made, .now = answer->date};
}

// As any POST it is sent once: a second time would be refused, as if a thief had been first.
Result<Answer> open_wrapping(Server& server, const SecretValue& token, const Call& call) {
  const Ask ask{.method = http::Method::Post, .path = "sys/wrapping/unwrap", .max_body = long_answer};
  auto answer = server.send(ask, token.expose(), call);
  if (!answer || answer->ok()) return answer;
  return answer->status == 400 || answer->status == 403 ? used(answer->status) : failure_of(ask, *answer);
}

Result<Wrapped> wrap(Client& client, std::string_view path, seconds ttl, const Call& call) {
  if (auto good = check_path(path); !good) return std::move(good).error();
  if (auto good = check_ttl(ttl); !good) return std::move(good).error();
  const Ask ask{.path = std::string(path), .wrap_for = ttl};
  const auto answer = client.send(ask, call);
  if (!answer) return answer.error();
  if (!answer->ok()) return nothing_read(client.server(), ask, *answer);
  return wrapped_in(ask, *answer);
}

Result<Wrapped> wrap(Client& client, const SecretData& data, seconds ttl, const Call& call) {
  if (auto good = check_ttl(ttl); !good) return std::move(good).error();
  const auto object = object_of(data);
  if (!object) return object.error();
  const Ask ask{.method = http::Method::Post, .path = "sys/wrapping/wrap", .body = object->view(), .wrap_for = ttl};
  const auto answer = client.send(ask, call);
  if (!answer) return answer.error();
  return answer->ok() ? wrapped_in(ask, *answer) : Result<Wrapped>(rejected(ask, *answer));
}

Result<Leased> unwrap(Client& client, const SecretValue& token, std::string_view path, const Clock& clock,
                      const Call& call) {
  const auto label = look_at(client.server(), token, call);
  if (!label) return label.error();
  if (!path.empty() && path != label->path) return other_content();
  const auto age = age_of(*label, clock);
  const Moment now = moment_of(clock);
  const auto answer = open_wrapping(client.server(), token, call);
  if (!answer) return answer.error();
  const Ask ask{.method = http::Method::Post, .path = "sys/wrapping/unwrap"};
  return leased_in(ask, *answer, {.steady = now.steady - age, .wall = now.wall - age});
}

}  // namespace locket::inline v1::vault
