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

Error other_content() {
  return refused_token("the wrapping token holds something else than was expected, and was not opened", 0);
}

Result<void> check_ttl(seconds ttl) {
  if (ttl >= seconds(1)) return {};
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "vault.option",
                .message = "a wrapping token must live for a second at least"});
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

/// What Vault tells about a wrapping token without opening it.
struct Label {
  std::string path = {};
  /// How long ago it was made, rounded up.
  seconds age = {};
};

Result<Label> look_at(Client& client, const SecretValue& token, const Clock& clock, const Call& call) {
  const auto body = json_object({{.name = "token", .text = token.expose()}});
  if (!body) return body.error();
  const Ask ask{.method = http::Method::Post,
                .path = "sys/wrapping/lookup",
                .body = body->view(),
                .purpose = http::Purpose::Read,
                .anonymous = true};
  const auto answer = client.send(ask, call);
  if (!answer) return answer.error();
  if (answer->status == 400 || answer->status == 403) return used(answer->status);
  if (!answer->ok()) return failure_of(ask, *answer);
  const auto data = answer->root()["data"];
  const auto made = parse_moment(data["creation_time"].text());
  if (!made) return malformed(ask, answer->status, "it does not say when it was wrapped");
  // Whole seconds of the server's clock, where it says them.
  const auto now = answer->date ? *answer->date + seconds(1) : clock.now();
  return Label{.path = std::string(data["creation_path"].text()),
               .age = clamped(std::chrono::ceil<seconds>(now - *made))};
}

}  // namespace

Result<Wrapped> wrap(Client& client, std::string_view path, seconds ttl, const Call& call) {
  if (auto good = check_path(path); !good) return std::move(good).error();
  if (auto good = check_ttl(ttl); !good) return std::move(good).error();
  const Ask ask{.path = std::string(path), .wrap_for = ttl};
  const auto answer = client.send(ask, call);
  if (!answer) return answer.error();
  return answer->ok() ? wrapped_in(ask, *answer) : Result<Wrapped>(nothing_read(ask, *answer));
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
  if (!is_token(token)) return used(0);
  const auto label = look_at(client, token, clock, call);
  if (!label) return label.error();
  if (!path.empty() && path != label->path) return other_content();
  // As any POST it is sent once: a second time would be refused, as if a thief had been first.
  const Ask ask{
      .method = http::Method::Post, .path = "sys/wrapping/unwrap", .anonymous = true, .wrapping_token = token.expose()};
  const Moment now = moment_of(clock);
  const auto answer = client.send(ask, call);
  if (!answer) return answer.error();
  if (answer->status == 400 || answer->status == 403) return used(answer->status);
  if (!answer->ok()) return failure_of(ask, *answer);
  return leased_in(ask, *answer, {.steady = now.steady - label->age, .wall = now.wall - label->age});
}

}  // namespace locket::inline v1::vault
