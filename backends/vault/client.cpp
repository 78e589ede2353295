#include "client.hpp"

#include <algorithm>
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

Result<std::string> origin_of(std::string address) {
  if (address.empty()) return invalid_option("no address of Vault is given", "give one, or set VAULT_ADDR");
  // Vault's own tools do not mind it.
  if (address.ends_with('/')) address.pop_back();
  if (auto parsed = http::parse_origin(address, false); !parsed) return std::move(parsed).error();
  return address;
}

Result<void> check_namespace(std::string_view name) {
  if (name.ends_with('/')) name.remove_suffix(1);
  if (name.empty() || check_auth_mount(name)) return {};
  return invalid_option(fmt::format("'{}' cannot be a namespace", printable(name)), "write it as team or team/project");
}

Result<std::unique_ptr<Method>> method_of(const Options& options) {
  const bool shows_certificate = options.transport || !options.connection.client_certificate_file.empty();
  if (std::holds_alternative<Certificate>(options.login) && !shows_certificate) {
    return invalid_option("the login is by certificate, and no client certificate is named",
                          "name its file and its key's, or set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY");
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

std::vector<std::size_t> refused_among(std::span<const Ask> asks, std::span<const Result<Answer>> answers) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < asks.size(); ++i) {
    if (answers[i].ok() && answers[i]->status == 403 && !asks[i].every_status) places.push_back(i);
  }
  return places;
}

}  // namespace

Client::Client(std::unique_ptr<Server> server, std::unique_ptr<Tokens> tokens)
    : server_(std::move(server)), tokens_(std::move(tokens)) {}
Client::~Client() = default;

Result<std::shared_ptr<Client>> Client::make(Options options, std::string store) {
  auto whole = complete(std::move(options));
  if (!whole) return std::move(whole).error();
  auto origin = origin_of(whole->address);
  if (!origin) return std::move(origin).error();
  if (auto good = check_namespace(*whole->name_space); !good) return std::move(good).error();
  auto method = method_of(*whole);
  if (!method) return std::move(method).error();
  auto transport = transport_of(*whole, store);
  if (!transport) return std::move(transport).error();
  const auto& [clock, observer, enforce_expiry] = whole->settings;
  const auto& random = whole->connection.random;
  auto server = std::make_unique<Server>(std::move(*transport), std::move(*origin), *whole->name_space);
  auto tokens = std::make_unique<Tokens>(*server, std::move(*method),
                                         Tokens::World{.clock = clock ? clock : system_clock(),
                                                       .random = random ? random : system_random(),
                                                       .observer = observer,
                                                       .store = std::move(store)});
  return std::shared_ptr<Client>(new Client(std::move(server), std::move(tokens)));
}

// What is to be asked again with, after Vault refused a token; none when the token is good and the refusal stands.
struct Client::Judgement {
  SharedLease lease = {};
  bool replaced = false;
};

Result<Client::Judgement> Client::judge(const Lease& used, bool replaced, const Call& call) {
  const auto with = [](Result<SharedLease> lease, bool is_replaced) -> Result<Judgement> {
    if (!lease) return std::move(lease).error();
    return Judgement{.lease = std::move(*lease), .replaced = is_replaced};
  };
  if (!tokens_->is_current(used)) return with(tokens_->lease(call), replaced);
  if (replaced || !tokens_->may_replace()) return Judgement{.replaced = replaced};
  if (!used.is_limited) {
    auto known = is_known(*server_, used.token, call);
    if (!known) return std::move(known).error();
    if (*known) return Judgement();
  }
  return with(tokens_->replace(used, call), true);
}

Result<Answer> Client::send(const Ask& ask, const Call& call) {
  auto answers = send_many(std::span(&ask, 1), call);
  return std::move(answers.front());
}

std::vector<Result<Answer>> Client::send_many(std::span<const Ask> asks, const Call& call) {
  if (std::all_of(asks.begin(), asks.end(), [](const Ask& ask) { return ask.anonymous; })) {
    return server_->send_many(asks, {}, call);
  }
  std::vector<Result<Answer>> answers;
  auto lease = tokens_->lease(call);
  if (lease) {
    answers = server_->send_many(asks, (*lease)->token.expose(), call);
    settle_refusals(asks, answers, *lease, call);
    return answers;
  }
  answers.reserve(asks.size());
  for (std::size_t i = 0; i < asks.size(); ++i) answers.emplace_back(lease.error());
  return answers;
}

// Those that were refused are asked again with another token, once, and once more for each time that this one has come
// to its end, too, before it could be used.
void Client::settle_refusals(std::span<const Ask> asks, std::span<Result<Answer>> answers, SharedLease used,
                             const Call& call) {
  constexpr int most_rounds = 3;
  bool replaced = false;
  auto places = refused_among(asks, answers);
  const std::size_t at_first = places.size();
  for (int round = 0; round < most_rounds && !places.empty(); ++round) {
    auto judgement = judge(*used, replaced, call);
    if (!judgement) {
      for (const std::size_t i : places) answers[i] = judgement.error();
      return;
    }
    replaced = judgement->replaced;
    if (!judgement->lease) break;
    used = std::move(judgement->lease);
    ask_again(asks, answers, places, *used, call);
    places = refused_among(asks, answers);
  }
  if (replaced) tokens_->note_replaced(places.size() == at_first);
  for (const std::size_t i : places) answers[i] = refused(asks[i]);
}

void Client::ask_again(std::span<const Ask> asks, std::span<Result<Answer>> answers,
                       std::span<const std::size_t> places, const Lease& lease, const Call& call) {
  std::vector<Ask> again;
  again.reserve(places.size());
  for (const std::size_t i : places) again.push_back(asks[i]);
  auto second = server_->send_many(again, lease.token.expose(), call);
  for (std::size_t i = 0; i < places.size(); ++i) answers[places[i]] = std::move(second[i]);
}

}  // namespace locket::inline v1::vault
