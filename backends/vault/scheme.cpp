#include "scheme.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <locket/backends/vault.hpp>
#include <locket/suggest.hpp>

#include "database_store.hpp"
#include "failure.hpp"
#include "login_url.hpp"
#include "store.hpp"

namespace locket::inline v1::vault {
namespace {

using std::chrono::milliseconds;

constexpr const char* secure_scheme = "vault";
constexpr const char* plain_scheme = "vault+http";

const std::vector<std::string>& known_options() {
  static const std::vector<std::string> options = [] {
    std::vector<std::string> all = server_url_options();
    all.insert(all.end(), {"prefix", "kv"});
    return all;
  }();
  return options;
}

// "2m": a whole number and s, m or h.
Result<milliseconds> wait_of(const StoreUrl& url) {
  constexpr std::array units{std::pair{'s', 1'000}, std::pair{'m', 60'000}, std::pair{'h', 3'600'000}};
  const std::string text = url.text("wait-ready").value_or("0s");
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const auto& [letter, length] : units) {
    if (error == std::errc() && unit == std::string_view(&letter, 1)) {
      return milliseconds(std::int64_t{count} * length);
    }
  }
  return invalid_option("wait-ready is no duration", "write a number and s, m or h: wait-ready=2m");
}

Result<bool> is_kv2(const StoreUrl& url) {
  const auto version = url.text("kv");
  if (!version || *version == "2") return version.has_value();
  if (*version == "1") {
    return Error({.code = ErrorCode::NotSupported,
                  .reason = "vault.kv1",
                  .message = "locket does not speak KV version 1",
                  .hint = "upgrade the mount, for all its users: vault kv enable-versioning MOUNT"});
  }
  return invalid_option("kv is not 2", "write kv=2, or leave it out: then Vault is asked when it matters");
}

Result<std::string> address_of(const StoreUrl& url) {
  const bool plain = url.scheme().ends_with("+http");
  if (!url.host().empty()) return fmt::format("{}://{}", plain ? "http" : "https", url.host());
  if (!plain) return std::string();  // $VAULT_ADDR
  return invalid_option("the URL names no host", fmt::format("write {}://127.0.0.1:8200/MOUNT", url.scheme()));
}

// The root namespace, and no prefix. An empty file would be another identity, or another trust, than was meant.
bool may_be_empty(std::string_view option) {
  return option == "namespace" || option == "prefix";
}

void take_connection(const StoreUrl& url, http::TransportOptions& connection) {
  connection.ca_file = url.text("ca").value_or("");
  connection.client_certificate_file = url.text("cert").value_or("");
  connection.client_key_file = url.text("key").value_or("");
}

}  // namespace

const std::vector<std::string>& server_url_options() {
  static const std::vector<std::string> options = [] {
    std::vector<std::string> all{"namespace", "ca", "cert", "key", "wait-ready"};
    all.insert(all.end(), login_options().begin(), login_options().end());
    return all;
  }();
  return options;
}

Result<void> check_url(const StoreUrl& url, std::string_view scheme, const std::vector<std::string>& known) {
  if (url.scheme() != scheme && url.scheme() != fmt::format("{}+http", scheme)) {
    return invalid_option(fmt::format("'{}:' is not '{}:'", url.scheme(), scheme), {});
  }
  for (const auto& [option, value] : url.options()) {
    if (std::ranges::find(known, option) == known.end()) {
      return invalid_option(fmt::format("'{}:' URLs have no option '{}'", url.scheme(), option),
                            suggestion_hint(option, known));
    }
    if (value.empty() && !may_be_empty(option)) {
      return invalid_option(fmt::format("the option '{}' of the URL is empty", option),
                            "give it a value, or leave it out: then what the environment says is used");
    }
  }
  return {};
}

Result<Options> server_of(const StoreUrl& url, const StoreSettings& settings) {
  auto address = address_of(url);
  if (!address) return std::move(address).error();
  auto login = login_of(url);
  if (!login) return std::move(login).error();
  const auto wait = wait_of(url);
  if (!wait) return wait.error();
  Options options{.settings = settings, .address = std::move(*address), .login = std::move(*login)};
  options.name_space = url.text("namespace");
  options.wait_ready = *wait;
  take_connection(url, options.connection);
  return options;
}

std::string mount_of(const StoreUrl& url, std::string fallback) {
  std::string_view mount = url.path();
  if (mount.starts_with('/')) mount.remove_prefix(1);
  return mount.empty() ? std::move(fallback) : std::string(mount);
}

Result<Options> options_of(const StoreUrl& url, const StoreSettings& settings) {
  if (auto good = check_url(url, secure_scheme, known_options()); !good) return std::move(good).error();
  auto options = server_of(url, settings);
  if (!options) return options;
  const auto kv2 = is_kv2(url);
  if (!kv2) return kv2.error();
  options->mount = mount_of(url, std::move(options->mount));
  options->prefix = url.text("prefix").value_or("");
  options->is_kv2 = *kv2;
  return options;
}

void add_schemes(Registry& registry) {
  for (const char* scheme : {secure_scheme, plain_scheme}) {
    registry.add(
        {.name = scheme,
         .options = known_options(),
         .capabilities = abilities(Options().max_versions),
         .open = [](const StoreUrl& url, const StoreSettings& settings) -> Result<std::shared_ptr<SecretStore>> {
           auto options = options_of(url, settings);
           if (!options) return std::move(options).error();
           return open(std::move(*options));
         }});
  }
  add_database_schemes(registry);
}

}  // namespace locket::inline v1::vault
