#include "kv.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "failure.hpp"
#include "kv_errors.hpp"
#include "kv_values.hpp"

namespace locket::inline v1::vault {

using http::Json;

namespace {

// Values that are asked for at once, whose answers are all in memory then: a multiple of the connections that are used.
constexpr std::size_t values_at_once = 32;

// What the answers that are asked for at once may have together, in bytes: as much as one alone has by default.
constexpr std::size_t together = std::size_t{4} << 20U;

Ask value_of_version(const Paths& paths, NameView name, std::string query) {
  return {.path = paths.data(name), .query = std::move(query), .max_body = long_answer};
}

// `null` is kept by Vault as well: no fields.
bool is_object(const Json::Value& value) {
  return value.is(Json::Kind::Object) || value.is(Json::Kind::Null);
}

std::optional<std::vector<std::string>> fields_in(const Json::Value& subkeys) {
  const auto members = subkeys.children();
  if (members.size() == 1 && (members[0].name() == "value" || members[0].name() == "value_base64")) return std::nullopt;
  std::vector<std::string> names;
  names.reserve(members.size());
  for (const Json::Value& member : members) names.emplace_back(member.name());
  return names;
}

}  // namespace

Kv::Kv(std::shared_ptr<Client> client, Paths paths, bool known, std::shared_ptr<Clock> clock)
    : client_(std::move(client)),
      paths_(std::move(paths)),
      clock_(std::move(clock)),
      mount_(client_, paths_.mount(), known) {}

std::optional<std::string> query_of(const Which& which) {
  const auto* version = std::get_if<Version>(&which);
  if (version == nullptr) return std::string();  // no stage comes this far
  const auto number = number_of(*version);
  if (!number) return std::nullopt;
  return fmt::format("version={}", *number);
}

Error missing(NameView name, const Which& which) {
  const auto* version = std::get_if<Version>(&which);
  return version == nullptr ? no_secret(name) : no_version(name, *version);
}

Result<bool> Kv::says_nothing(const Ask& ask, const Answer& answer, const Call& call) {
  if (answer.status != 404) return false;
  const Json::Value root = answer.root();
  if (root["data"]) return false;
  if (auto good = mount_.explain(answer, call); !good) return std::move(good).error();
  // Beside warnings there are no errors, but a request's number.
  const bool vaults = root["errors"].is(Json::Kind::Array) || root["request_id"];
  if (vaults && root["errors"].children().empty()) return true;
  return malformed(ask, answer.status, "nothing that speaks of a secret");
}

Error Kv::strange(const Ask& ask, const Answer& answer, std::string_view what, const Call& call) {
  Error error = malformed(ask, answer.status, what);
  if (auto good = mount_.check(call); !good) return with_effect(std::move(good).error(), error.effect());
  if (mount_.vouched()) error.details().hint = "is the mount of version 2? leave kv=2 out, and locket asks";
  return error;
}

Error Kv::unexpected(const Ask& ask, const Answer& answer, const Call& call) {
  if (answer.status == 405) return strange(ask, answer, "no KV engine refuses that", call);
  return rejected(ask, answer);
}

Result<Secret> Kv::read(NameView name, const Which& which, const Call& call) {
  auto query = query_of(which);
  if (!query) return missing(name, which);
  const Ask ask = value_of_version(paths_, name, std::move(*query));
  return secret_in(name, which, ask, client_->send(ask, call), call);
}

std::vector<Result<Secret>> Kv::read_many(std::span<const GetRequest> requests, const Call& call) {
  std::vector<Result<Secret>> secrets;
  secrets.reserve(requests.size());
  for (auto rest = requests; !rest.empty();) {
    const auto some = rest.first(std::min(rest.size(), values_at_once));
    read_some(some, secrets, call);
    rest = rest.subspan(some.size());
  }
  return secrets;
}

void Kv::read_some(std::span<const GetRequest> requests, std::vector<Result<Secret>>& secrets, const Call& call) {
  std::vector<Ask> asks;
  asks.reserve(requests.size());
  for (const auto& [name, options] : requests) {
    if (auto query = query_of(options.which)) asks.push_back(value_of_version(paths_, name, std::move(*query)));
  }
  std::vector<Result<Answer>> answers = client_->send_many(asks, call);
  std::size_t next = 0;
  for (const auto& [name, options] : requests) {
    if (!query_of(options.which)) {
      secrets.emplace_back(missing(name, options.which));
      continue;
    }
    secrets.push_back(secret_in(name, options.which, asks[next], answers[next], call));
    answers[next++] = Answer();  // wiped before the next one is read
  }
}

Result<Imprint> Kv::imprint_in(NameView name, const Which& which, const Ask& ask, const Answer& answer,
                               const Call& call) {
  const auto nothing = says_nothing(ask, answer, call);
  if (!nothing) return nothing.error();
  if (*nothing) return missing(name, which);
  if (answer.status != 200 && answer.status != 404) return unexpected(ask, answer, call);
  auto imprint = imprint_of(answer.root()["data"]["metadata"]);
  if (!imprint) return strange(ask, answer, "it tells no version", call);
  const auto* version = std::get_if<Version>(&which);
  if (version != nullptr && number_of(*version) != imprint->number) {
    return malformed(ask, answer.status, "it is of another version");
  }
  if (answer.status == 404 || imprint->destroyed) return deleted(name, imprint->destroyed);
  return std::move(*imprint);
}

Result<Secret> Kv::secret_in(NameView name, const Which& which, const Ask& ask, const Result<Answer>& answer,
                             const Call& call) {
  if (!answer) return answer.error();
  const auto imprint = imprint_in(name, which, ask, *answer, call);
  if (!imprint) return imprint.error();
  const Json::Value object = answer->root()["data"]["data"];
  if (!is_object(object)) return strange(ask, *answer, "it holds no object", call);
  auto metadata = metadata_of(name, imprint->custom);
  if (!metadata) return std::move(metadata).error();
  return Secret(value_of(object), version_of(imprint->number), std::move(*metadata));
}

Result<Kv::Object> Kv::read_object(NameView name, const Which& which, const Call& call) {
  auto query = query_of(which);
  if (!query) return missing(name, which);
  const Ask ask = value_of_version(paths_, name, std::move(*query));
  const auto answer = client_->send(ask, call);
  if (!answer) return answer.error();
  const auto imprint = imprint_in(name, which, ask, *answer, call);
  if (!imprint) return imprint.error();
  const Json::Value object = answer->root()["data"]["data"];
  if (!is_object(object)) return strange(ask, *answer, "it holds no object", call);
  Object found{.version = imprint->number};
  found.text.append(object.is(Json::Kind::Null) ? "{}" : object.raw());
  return found;
}

Ask glimpse_of(const Paths& paths, NameView name, std::string_view query) {
  return {.path = paths.subkeys(name),
          .query = fmt::format("depth=1{}{}", query.empty() ? "" : "&", query),
          .max_body = long_answer};
}

Ask history_of(const Paths& paths, NameView name) {
  return {.path = paths.metadata(name), .max_body = long_answer};
}

void share(std::span<Ask> asks) {
  if (asks.size() < 2) return;
  for (Ask& ask : asks) ask.max_body = together / asks.size();
}

Result<Answer> Kv::whole(Ask& ask, Result<Answer> answer, const Call& call) {
  if (!is_too_long(answer) || ask.max_body == long_answer) return answer;
  ask.max_body = long_answer;
  return client_->send(ask, call);
}

Result<std::optional<Glimpse>> glimpse_in(const Ask& ask, const Result<Answer>& answer) {
  if (!answer) {
    if (answer.error().code() == ErrorCode::PermissionDenied) return std::optional<Glimpse>();
    return answer.error();
  }
  const Json::Value data = answer->root()["data"];
  const bool told = answer->status == 200 || (answer->status == 404 && data["metadata"]);
  if (!told && answer->status < 500) return std::optional<Glimpse>();
  auto imprint = imprint_of(data["metadata"]);
  if (!imprint) return malformed(ask, answer->status, "it tells no version");
  Glimpse glimpse{.imprint = std::move(*imprint), .gone = answer->status == 404};
  if (!glimpse.gone) glimpse.fields = fields_in(data["subkeys"]);
  return std::optional(std::move(glimpse));
}

std::vector<Result<std::optional<Glimpse>>> Kv::glimpse_many(std::span<const Name> names, const Call& call) {
  std::vector<Ask> asks;
  asks.reserve(names.size());
  for (const Name& name : names) asks.push_back(glimpse_of(paths_, name, {}));
  share(asks);
  std::vector<Result<Answer>> answers = client_->send_many(asks, call);
  std::vector<Result<std::optional<Glimpse>>> glimpses;
  glimpses.reserve(names.size());
  for (std::size_t i = 0; i < asks.size(); ++i) {
    glimpses.push_back(glimpse_in(asks[i], whole(asks[i], std::move(answers[i]), call)));
  }
  return glimpses;
}

Result<std::optional<Record>> Kv::record_in(const Ask& ask, const Result<Answer>& answer, const Call& call) {
  if (!answer) return answer.error();
  const auto nothing = says_nothing(ask, *answer, call);
  if (!nothing) return nothing.error();
  if (*nothing) return std::optional<Record>();
  if (answer->status != 200) return unexpected(ask, *answer, call);
  auto record = record_of(answer->root()["data"], answer->date.value_or(clock_->now()));
  if (!record) return strange(ask, *answer, "it is no secret's history", call);
  return record;
}

Result<std::optional<Record>> Kv::look_up(NameView name, const Call& call) {
  const Ask ask = history_of(paths_, name);
  return record_in(ask, client_->send(ask, call), call);
}

std::vector<Result<std::optional<Record>>> Kv::look_up_many(std::span<const Name> names, const Call& call) {
  std::vector<Ask> asks;
  asks.reserve(names.size());
  for (const Name& name : names) asks.push_back(history_of(paths_, name));
  share(asks);
  std::vector<Result<Answer>> answers = client_->send_many(asks, call);
  std::vector<Result<std::optional<Record>>> records;
  records.reserve(names.size());
  for (std::size_t i = 0; i < asks.size(); ++i) {
    records.push_back(record_in(asks[i], whole(asks[i], std::move(answers[i]), call), call));
  }
  return records;
}

Result<Record> Kv::record(NameView name, const Call& call) {
  auto found = look_up(name, call);
  if (!found) return std::move(found).error();
  if (!*found || !(*found)->exists()) return no_secret(name);
  return std::move(**found);
}

Result<Version> Kv::version_in(const Ask& ask, const Answer& answer, std::optional<std::uint64_t> cas,
                               const Call& call) {
  const auto nothing = says_nothing(ask, answer, call);
  if (!nothing) return nothing.error();
  if (!answer.ok()) return rejected(ask, answer);
  const auto number = answer.root()["data"]["version"].integer();
  if (!number || *number <= 0) return strange(ask, answer, "it tells no version", call);
  const auto version = static_cast<std::uint64_t>(*number);
  if (cas && version != *cas + 1) return malformed(ask, answer.status, "it tells another version than the next");
  return version_of(version);
}

Result<void> Kv::mark(std::string_view action, NameView name, std::span<const std::uint64_t> versions,
                      const Call& call) {
  if (versions.empty()) return {};
  const std::string body = fmt::format(R"({{"versions":[{}]}})", fmt::join(versions, ","));
  const Ask ask{.method = http::Method::Post,
                .path = paths_.versions(action, name),
                .body = body,
                .purpose = http::Purpose::IdempotentWrite};
  const auto answer = client_->send(ask, call);
  if (!answer) return answer.error();
  if (answer->ok()) return {};
  return answer->status == 404 ? after_earlier(no_secret(name), ask, *answer) : rejected(ask, *answer);
}

}  // namespace locket::inline v1::vault
