#include "server.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "failure.hpp"
#include "http/escape.hpp"

namespace locket::inline v1::vault {
namespace {

// Fields may be nested as deep as SecretData allows, and lie three levels deep in an answer.
constexpr std::size_t max_depth = 64 + 3;

std::string target_of(const Ask& ask) {
  std::string target = "/v1";
  for (std::string_view rest = ask.path; !rest.empty();) {
    const std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
    target += '/';
    target += http::escape(segment);
  }
  if (!ask.query.empty()) (target += '?') += ask.query;
  return target;
}

bool is_callers(int status) {
  return (status >= 200 && status < 300) || status == 400 || status == 403 || status == 404 || status == 405;
}

bool reads(const Ask& ask) {
  return ask.method == http::Method::Get || ask.method == http::Method::List;
}

// A page of HTML with status 404 must not be read as "no such secret", nor one with 403 as Vault's refusal.
Result<Answer> check(const Ask& ask, Answer answer, bool is_json) {
  const int status = answer.status;
  if (!is_callers(status)) return failure_of(ask, answer);
  if (status == 405) return answer;
  if (!is_json) return malformed(ask, status, "no JSON");
  if (answer.body && !answer.root().is(http::Json::Kind::Object)) return malformed(ask, status, "no JSON object");
  const bool needs_body = status == 200 || status == 400 || status == 403 || (status == 404 && reads(ask));
  if (needs_body && !answer.body) return malformed(ask, status, "nothing");
  if (status == 403 && !answer.root()["errors"].is(http::Json::Kind::Array)) {
    return malformed(ask, status, "a refusal without errors");
  }
  return answer;
}

Result<Answer> answer_to(const Ask& ask, Result<http::Response> response) {
  if (!response) return is_too_long(response) ? too_long(ask, response.error()) : std::move(response).error();
  Answer answer{.status = response->status,
                .retry_after = response->retry_after,
                .date = response->date,
                .earlier = response->earlier};
  bool is_json = true;
  if (!response->body.empty()) {
    auto json = http::Json::parse(std::move(response->body), max_depth);
    is_json = json.ok();
    if (json) answer.body = std::move(*json);
  }
  if (ask.every_status) return answer;
  return check(ask, std::move(answer), is_json);
}

}  // namespace

Server::Server(std::shared_ptr<http::Transport> transport, std::string origin, std::string name_space)
    : transport_(std::move(transport)), origin_(std::move(origin)), name_space_(std::move(name_space)) {}

http::Request Server::request(const Ask& ask, std::string_view token) const {
  http::Request request{.method = ask.method,
                        .origin = origin_,
                        .target = target_of(ask),
                        .body = ask.body,
                        .purpose = ask.purpose,
                        .max_body = ask.max_body,
                        .retry = ask.retry};
  // Without it, a proxy of Vault's (its Agent) may answer 412 to protect browsers' users.
  request.headers.push_back({.name = "X-Vault-Request", .value = "true"});
  if (!token.empty() && !ask.anonymous) request.headers.push_back({.name = "X-Vault-Token", .secret = token});
  if (!ask.wrapping_token.empty()) request.headers.push_back({.name = "X-Vault-Token", .secret = ask.wrapping_token});
  if (ask.wrap_for)
    request.headers.push_back({.name = "X-Vault-Wrap-TTL", .value = std::to_string(ask.wrap_for->count())});
  if (!name_space_.empty() && !ask.at_root) {
    request.headers.push_back({.name = "X-Vault-Namespace", .value = name_space_});
  }
  if (!ask.body.empty()) {
    request.headers.push_back({.name = "Content-Type", .value = std::string(ask.content_type)});
  }
  return request;
}

Result<Answer> Server::send(const Ask& ask, std::string_view token, const Call& call) {
  return answer_to(ask, transport_->send(request(ask, token), call));
}

std::vector<Result<Answer>> Server::send_many(std::span<const Ask> asks, std::string_view token, const Call& call) {
  std::vector<http::Request> requests;
  requests.reserve(asks.size());
  for (const Ask& ask : asks) requests.push_back(request(ask, token));
  auto responses = transport_->send_many(requests, call);
  std::vector<Result<Answer>> answers;
  answers.reserve(asks.size());
  for (std::size_t i = 0; i < asks.size(); ++i) answers.push_back(answer_to(asks[i], std::move(responses[i])));
  return answers;
}

}  // namespace locket::inline v1::vault
