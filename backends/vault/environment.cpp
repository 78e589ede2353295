#include "environment.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/outside.hpp"
#include "failure.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::milliseconds;

// What a transport takes.
constexpr milliseconds longest_timeout = std::chrono::hours(1);

bool is_set(const char* value) {
  return value != nullptr && *value != '\0';
}

// The variable that counts, as OpenBao's own tools have it: BAO_ADDR, else VAULT_ADDR. One that is empty is not set.
std::string chosen(std::string_view name) {
  std::string of_openbao = fmt::format("BAO{}", name.substr(name.find('_')));
  return is_set(chosen_from_outside(of_openbao.c_str())) ? of_openbao : std::string(name);
}

std::string value_of(const char* name) {
  const char* value = chosen_from_outside(name);
  return is_set(value) ? value : "";
}

std::string variable(std::string_view name) {
  return value_of(chosen(name).c_str());
}

struct Unheeded {
  std::string_view name;
  const char* message;
  const char* hint;
};

constexpr const char* how_to_trust =
    "unset it, and name one file with the authority that signed Vault's certificate: VAULT_CACERT=/path/ca.pem (or "
    "ca=/path/ca.pem)";
constexpr const char* how_to_name = "unset it, and give the name that the certificate holds as Vault's address";
constexpr const char* how_to_pass = "unset it; a proxy is used where the program's own options name one";
constexpr const char* how_to_ask_agent = "unset it, and give the agent's address as Vault's: VAULT_ADDR=…";

// Instead of talking to another server, or trusting another one, than the environment says.
Result<void> refuse(const Unheeded& what) {
  const std::string name = chosen(what.name);
  if (value_of(name.c_str()).empty()) return {};
  return invalid_option(fmt::format("{} is set, and {}", name, what.message), what.hint);
}

// What Go's strconv.ParseBool, which Vault's tools read it with, takes for no.
Result<void> refuse_skipping_verification() {
  constexpr std::array<std::string_view, 7> no{"", "0", "f", "F", "false", "False", "FALSE"};
  if (std::ranges::find(no, variable("VAULT_SKIP_VERIFY")) != no.end()) return {};
  return refuse({.name = "VAULT_SKIP_VERIFY",
                 .message = "locket does not talk to servers that anybody could be",
                 .hint = how_to_trust});
}

// What the options say stands, whatever these say.
Result<void> refuse_unheeded(const Options& options) {
  const http::TransportOptions& connection = options.connection;
  std::vector<Unheeded> all;
  if (connection.ca_file.empty()) {
    all.push_back(
        {.name = "VAULT_CACERT_BYTES", .message = "locket reads certificates from files alone", .hint = how_to_trust});
    // As Vault's tools have it, VAULT_CACERT goes before it.
    if (variable("VAULT_CACERT").empty()) {
      all.push_back(
          {.name = "VAULT_CAPATH", .message = "locket reads no folders of certificates", .hint = how_to_trust});
    }
  }
  if (connection.proxy.empty()) {
    all.push_back({.name = "VAULT_PROXY_ADDR",
                   .message = "locket does not take proxies from Vault's variables",
                   .hint = how_to_pass});
    all.push_back({.name = "VAULT_HTTP_PROXY",
                   .message = "locket does not take proxies from Vault's variables",
                   .hint = how_to_pass});
  }
  if (options.address.empty()) {
    all.push_back({.name = "VAULT_TLS_SERVER_NAME",
                   .message = "locket checks a certificate for the host that it asks",
                   .hint = how_to_name});
    all.push_back({.name = "VAULT_AGENT_ADDR",
                   .message = "locket reads addresses from VAULT_ADDR alone",
                   .hint = how_to_ask_agent});
  }
  for (const Unheeded& each : all) {
    if (auto good = refuse(each); !good) return good;
  }
  return {};
}

// "1.5" times `unit`; more than an hour is an hour and a little. None: it is no number.
std::optional<milliseconds> times(std::string_view number, milliseconds unit) {
  const std::size_t point = std::min(number.find('.'), number.size());
  const std::string_view fraction = number.substr(std::min(point + 1, number.size()));
  if (point + fraction.size() == 0 || fraction.find('.') != std::string_view::npos) return std::nullopt;
  std::int64_t whole = 0;
  number = number.substr(0, point);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), whole);
  if (point != 0 && error != std::errc()) return std::nullopt;
  milliseconds total = std::min<std::int64_t>(whole, longest_timeout.count() + 1) * unit;
  for (const char digit : fraction) total += (digit - '0') * (unit /= 10);
  return std::min(total, longest_timeout + milliseconds(1));
}

// As Vault's tools read it: a whole number of seconds, or as Go writes durations ("1m30s", "1.5h", "500ms").
std::optional<milliseconds> parse_timeout(std::string_view text) {
  constexpr std::array units{std::pair{std::string_view("ms"), milliseconds(1)},
                             std::pair{std::string_view("s"), milliseconds(1'000)},
                             std::pair{std::string_view("m"), milliseconds(60'000)},
                             std::pair{std::string_view("h"), milliseconds(3'600'000)}};
  constexpr std::string_view digits = "0123456789.";
  if (text.find_first_not_of(digits.substr(0, 10)) == std::string_view::npos) return times(text, units[1].second);
  milliseconds total{};
  while (!text.empty()) {
    const std::string_view number = text.substr(0, text.find_first_not_of(digits));
    text.remove_prefix(number.size());
    const std::string_view letters = text.substr(0, text.find_first_of(digits));
    text.remove_prefix(letters.size());
    const auto* const unit = std::ranges::find(units, letters, &std::pair<std::string_view, milliseconds>::first);
    if (unit == units.end()) return std::nullopt;
    const auto part = times(number, unit->second);
    if (!part) return std::nullopt;
    total = std::min(total + *part, longest_timeout + milliseconds(1));
  }
  return total;
}

// With all attempts, as Vault's tools have it. Nothing is what they take for not set.
Result<void> fill_in_timeout(http::TransportOptions& connection) {
  const std::string name = chosen("VAULT_CLIENT_TIMEOUT");
  const std::string text = value_of(name.c_str());
  if (text.empty() || connection.total_timeout != http::TransportOptions().total_timeout) return {};
  const auto timeout = parse_timeout(text);
  if (!timeout || *timeout > longest_timeout) {
    return invalid_option(fmt::format("{} is set to what is no time to wait", name),
                          "write a number of seconds, or 90s, 1m30s, 500ms; at most 1h");
  }
  if (*timeout > milliseconds(0)) connection.total_timeout = *timeout;
  return {};
}

Login login_from_environment() {
  if (auto token = credential_from_environment("VAULT_TOKEN")) return GivenToken{.token = std::move(*token)};
  // Where `vault login` and `bao login` leave it.
  if (const std::string home = value_of("HOME"); home.starts_with('/')) {
    return GivenToken{.token = {.file = home + "/.vault-token"}};
  }
  return std::monostate();
}

void fill_in(http::TransportOptions& connection) {
  if (connection.ca_file.empty()) connection.ca_file = variable("VAULT_CACERT");
  // A certificate goes with its own key.
  if (connection.client_certificate_file.empty() && connection.client_key_file.empty()) {
    connection.client_certificate_file = variable("VAULT_CLIENT_CERT");
    connection.client_key_file = variable("VAULT_CLIENT_KEY");
  }
}

}  // namespace

Result<Options> complete(Options options) {
  if (!options.transport) {
    if (auto good = refuse_skipping_verification(); !good) return std::move(good).error();
    if (auto good = refuse_unheeded(options); !good) return std::move(good).error();
    fill_in(options.connection);
    if (auto good = fill_in_timeout(options.connection); !good) return std::move(good).error();
  }
  if (options.address.empty()) options.address = variable("VAULT_ADDR");
  // Vault's own tools do not mind it.
  if (options.address.ends_with('/')) options.address.pop_back();
  if (!options.name_space) options.name_space = variable("VAULT_NAMESPACE");
  if (std::holds_alternative<std::monostate>(options.login)) options.login = login_from_environment();
  return options;
}

std::optional<Credential> credential_from_environment(const std::string& name) {
  // What is secret is looked at, and not copied.
  if (std::string found = chosen(name); is_set(chosen_from_outside(found.c_str()))) {
    return Credential{.variable = std::move(found)};
  }
  if (std::string file = variable(name + "_FILE"); !file.empty()) return Credential{.file = std::move(file)};
  return std::nullopt;
}

}  // namespace locket::inline v1::vault
