#include "client.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "auth/method.hpp"
#include "auth/request.hpp"
#include "core/printable.hpp"
#include "environment.hpp"
#include "failure.hpp"
#include "http/open.hpp"
#include "http/origin.hpp"
#include "server.hpp"
#include "tokens.hpp"
#include "upkeep.hpp"

namespace locket::inline v1::vault {
namespace {

// As the other statuses that are no reason to give up: a node has not seen yet what another one was told.
constexpr int behind = 412;

constexpr const char* as_origin = "write it as https://host:8200, with nothing behind";

Result<void> check_address(std::string_view address) {
  if (address.empty()) {
    return invalid_option("no address of Vault is given", "write vault://host:8200/MOUNT, or set VAULT_ADDR");
  }
  // What stands behind it may be a credential, and is not told.
  if (const auto end = address.find_first_of("?#"); end != std::string_view::npos) {
    const std::string_view told = address.substr(0, end);
    return told.find('@') == std::string_view::npos
               ? invalid_option(fmt::format("behind the address '{}' there is more", printable(told)), as_origin)
               : invalid_option("the address holds a user name", as_origin);
  }
  if (auto parsed = http::parse_origin(address, false); !parsed) return std::move(parsed).error();
  return {};
}

Result<void> check_namespace(std::string_view name) {
  std::string_view path = name;
  if (path.ends_with('/')) path.remove_suffix(1);
  // A header's value loses blanks at its ends, and would name another namespace, or the root's.
  const bool blank = path.starts_with(' ') || path.ends_with(' ');
  if (path.empty() || (!blank && check_auth_mount(path))) return {};
  return invalid_option(fmt::format("'{}' cannot be a namespace", printable(name)), "write it as team or team/project");
}

Result<std::unique_ptr<Method>> method_of(const Options& options) {
  const bool shows_certificate = options.transport || !options.connection.client_certificate_file.empty();
  if (std::holds_alternative<Certificate>(options.login) && !shows_certificate) {
    return invalid_option("the login is by certificate, and no client certificate is named",
                          "add cert=/path and key=/path, or set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY");
  }
  return std::visit([](const auto& login) { return method_for(login); }, options.login);
}

Result<std::shared_ptr<http::Transport>> transport_of(const Options& options, std::string store) {
  if (options.transport) return options.transport;
  http::TransportOptions connection = options.connection;
  if (!connection.clock) connection.clock = options.settings.clock;
  if (!connection.observer) connection.observer = options.settings.observer;
  if (connection.store.empty()) connection.store = std::move(store);
  auto& statuses = connection.retry.statuses;
  if (std::find(statuses.begin(), statuses.end(), behind) == statuses.end()) statuses.push_back(behind);
  return http::open_transport(std::move(connection));
}

bool is_refused(const Ask& ask, const Result<Answer>& answer) {
  return answer.ok() && answer->status == 403 && !ask.every_status;
}

// What another token may change. None of the requests that a token is good for is spent on asking whether it lives:
// there, Vault's words tell.
std::vector<std::size_t> open_refusals(std::span<const Ask> asks, std::span<const Result<Answer>> answers,
                                       bool is_limited) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < asks.size(); ++i) {
    if (is_refused(asks[i], answers[i]) && !(is_limited && refused_by_policy(*answers[i]))) places.push_back(i);
  }
  return places;
}

// Of a login, or of a question about a token: of what was asked for nothing was done.
Error nothing_done(Error error) {
  error.details().effect = Effect::None;
  return error;
}

Error fresh_token_rejected() {
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "vault.token_rejected",
                .message = "Vault does not accept the token that it gave at the login, which is good for so many "
                           "requests only",
                .hint = "look whether the role binds its tokens to other addresses than this machine's, or let them be "
                        "good for more: token_num_uses",
                .http_status = 403});
}

}  // namespace

Client::Client(std::unique_ptr<Server> server, std::unique_ptr<Tokens> tokens)
    : server_(std::move(server)), tokens_(std::move(tokens)) {}
Client::~Client() = default;

Result<std::shared_ptr<Client>> Client::make(Options options, std::string store) {
  auto whole = complete(std::move(options));
  if (!whole) return std::move(whole).error();
  if (auto good = check_address(whole->address); !good) return std::move(good).error();
  if (auto good = check_namespace(*whole->name_space); !good) return std::move(good).error();
  auto method = method_of(*whole);
  if (!method) return std::move(method).error();
  auto transport = transport_of(*whole, store);
  if (!transport) return std::move(transport).error();
  const auto& [clock, observer, enforce_expiry] = whole->settings;
  const auto& random = whole->connection.random;
  auto server = std::make_unique<Server>(std::move(*transport), whole->address, *whole->name_space);
  auto tokens = std::make_unique<Tokens>(*server, std::move(*method),
                                         Tokens::World{.clock = clock ? clock : system_clock(),
                                                       .random = random ? random : system_random(),
                                                       .observer = observer,
                                                       .store = std::move(store)});
  std::shared_ptr<Client> client(new Client(std::move(server), std::move(tokens)));
  if (whole->keep_alive) whole->keep_alive->add(client);
  return client;
}

struct Client::Sent {
  std::vector<Result<Answer>> answers = {};
  /// The last token that was sent; null when there was none.
  SharedLease used = {};
};

enum class Client::Verdict : std::uint8_t {
  Stands,
  Ended,  ///< The token has come to its end meanwhile.
  Dead,   ///< Vault does not know the token any more.
};

Result<Client::Verdict> Client::judge(const Lease& used, bool in_vain, const Call& call) {
  if (!used.is_limited && !tokens_->is_current(used)) return Verdict::Ended;
  if (in_vain || !tokens_->may_replace()) return Verdict::Stands;
  if (!used.is_limited) {
    auto known = is_known(*server_, used.token, call);
    if (!known) return std::move(known).error();
    if (*known) return Verdict::Stands;
  }
  tokens_->note_death(used);
  return Verdict::Dead;
}

Result<Answer> Client::send(const Ask& ask, const Call& call) {
  auto answers = send_many(std::span(&ask, 1), call);
  return std::move(answers.front());
}

std::vector<Result<Answer>> Client::send_many(std::span<const Ask> asks, const Call& call) {
  if (std::all_of(asks.begin(), asks.end(), [](const Ask& ask) { return ask.anonymous; })) {
    return server_->send_many(asks, {}, call);
  }
  Sent sent = send_once(asks, call);
  if (sent.used) settle_refusals(asks, sent, call);
  return std::move(sent.answers);
}

// With one token, unless one is not good for so many.
Client::Sent Client::send_once(std::span<const Ask> asks, const Call& call) {
  Sent sent;
  sent.answers.reserve(asks.size());
  while (sent.answers.size() < asks.size()) {
    const auto rest = asks.subspan(sent.answers.size());
    auto loan = tokens_->lease(call, rest.size());
    if (!loan) {
      for (std::size_t i = 0; i < rest.size(); ++i) sent.answers.emplace_back(nothing_done(loan.error()));
      break;
    }
    sent.used = std::move(loan->lease);
    auto some = server_->send_many(rest.first(loan->requests), sent.used->token.expose(), call);
    std::move(some.begin(), some.end(), std::back_inserter(sent.answers));
  }
  return sent;
}

// Those that were refused are asked again with another token, once, and once more for each time that this one has come
// to its end, too, before it could be used. Where tokens are good for a few requests, as long as that helps.
void Client::settle_refusals(std::span<const Ask> asks, Sent& sent, const Call& call) {
  constexpr int most_in_vain = 3;
  const bool is_limited = sent.used->is_limited;
  bool replaced = false;
  bool helped = true;
  auto places = open_refusals(asks, sent.answers, is_limited);
  const std::size_t at_first = places.size();
  for (int in_vain = 0; !places.empty() && in_vain < most_in_vain;) {
    const auto verdict = judge(*sent.used, replaced && !(is_limited && helped), call);
    if (!verdict) {
      for (const std::size_t i : places) {
        sent.answers[i] = after_earlier(nothing_done(verdict.error()), asks[i], *sent.answers[i]);
      }
      return;
    }
    if (*verdict == Verdict::Stands) break;
    replaced = replaced || *verdict == Verdict::Dead;
    ask_again(asks, sent, places, call);
    const std::size_t before = places.size();
    places = open_refusals(asks, sent.answers, is_limited);
    helped = places.size() < before;
    in_vain += int{!helped};
  }
  if (replaced) tokens_->note_replaced(places.size() == at_first);
  for (std::size_t i = 0; i < asks.size(); ++i) {
    if (!is_refused(asks[i], sent.answers[i])) continue;
    const bool by_policy = !is_limited || refused_by_policy(*sent.answers[i]);
    Error why = by_policy ? refused(asks[i]) : fresh_token_rejected();
    sent.answers[i] = after_earlier(std::move(why), asks[i], *sent.answers[i]);
  }
}

Result<void> Client::tend(const Call& call) {
  return tokens_->tend(call);
}

void Client::ask_again(std::span<const Ask> asks, Sent& sent, std::span<const std::size_t> places, const Call& call) {
  std::vector<Ask> again;
  again.reserve(places.size());
  for (const std::size_t i : places) again.push_back(asks[i]);
  Sent second = send_once(again, call);
  for (std::size_t i = 0; i < places.size(); ++i) {
    Result<Answer>& last = sent.answers[places[i]];
    const Effect earlier = last->earlier;
    last = std::move(second.answers[i]);
    keep_earlier(last, earlier);
  }
  if (second.used) sent.used = std::move(second.used);
}

}  // namespace locket::inline v1::vault
