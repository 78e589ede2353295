#include "config/detect.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "config/outside.hpp"

namespace locket::inline v1::config {
namespace {

namespace fs = std::filesystem;

class Detector {
 public:
  Detector(const Registry& registry, const std::optional<Variables>& variables)
      : registry_(registry), variables_(variables) {}

  std::vector<Candidate> run() {
    vault();
    aws();
    azure();
    if (holds_files("/run/secrets")) add("there are files in /run/secrets", "dir:/run/secrets");
    credentials_directory();
    local();
    return std::move(candidates_);
  }

 private:
  // Vault's own tools take the address as a URL and the mount apart from it; "secret" is the one that a server has by
  // default.
  void vault() {
    const auto address = variable(variables_, "VAULT_ADDR");
    if (!address) return;
    constexpr std::string_view secure = "https://";
    constexpr std::string_view plain = "http://";
    std::string_view host = *address;
    while (host.ends_with('/')) host.remove_suffix(1);
    const bool is_plain = host.starts_with(plain);
    if (!is_plain && !host.starts_with(secure)) {
      refuse("VAULT_ADDR is set", "it is no https:// URL");
      return;
    }
    host.remove_prefix(is_plain ? plain.size() : secure.size());
    if (host.empty() || host.find_first_of("/?#") != std::string_view::npos) {
      refuse("VAULT_ADDR is set", "it is more than https://host:port");
      return;
    }
    add("VAULT_ADDR is set", fmt::format("vault{}://{}/secret", is_plain ? "+http" : "", host));
  }

  void aws() {
    for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE",
                             "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"}) {
      if (variable(variables_, name)) {
        add(fmt::format("{} is set", name), "aws:");
        return;
      }
    }
  }

  // Azure's identity variables do not say which vault is meant.
  void azure() {
    if (const auto url = variable(variables_, "AZURE_KEYVAULT_URL")) {
      constexpr std::string_view secure = "https://";
      std::string_view host = *url;
      while (host.ends_with('/')) host.remove_suffix(1);
      if (!host.starts_with(secure) || host.find_first_of("/?#", secure.size()) != std::string_view::npos) {
        refuse("AZURE_KEYVAULT_URL is set", "it is not https://NAME.vault.azure.net");
        return;
      }
      add("AZURE_KEYVAULT_URL is set", fmt::format("azure://{}", host.substr(secure.size())));
      return;
    }
    for (const char* name : {"AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"}) {
      if (variable(variables_, name)) {
        refuse(fmt::format("{} is set", name), "AZURE_KEYVAULT_URL does not say which vault");
        return;
      }
    }
  }

  void credentials_directory() {
    const auto folder = variable(variables_, "CREDENTIALS_DIRECTORY");
    if (!folder) return;
    if (!folder->starts_with('/')) {
      refuse("CREDENTIALS_DIRECTORY is set", "it is no absolute path");
      return;
    }
    add("CREDENTIALS_DIRECTORY is set", "dir:" + encoded_path(*folder));
  }

  void local() {
    const auto path = default_path(variables_, "XDG_DATA_HOME", ".local/share", "store.db");
    std::error_code ignored;  // What cannot be looked at is not there for us.
    if (path && fs::exists(*path, ignored)) add("there is a default local store", "local:");
  }

  // Every pod of Kubernetes has a folder in there, and some distributions' containers another.
  static bool holds_files(const char* folder) {
    std::error_code failed;
    for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
      const bool hidden = at->path().filename().native().starts_with('.');
      std::error_code ignored;
      if (!hidden && at->is_regular_file(ignored)) return true;
    }
    return false;
  }

  static std::string encoded_path(std::string_view path) {
    std::string encoded;
    for (const char c : path) {
      const bool plain = c > ' ' && c < '\x7f' && c != '%' && c != '?' && c != '#';
      encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
  }

  void add(std::string seen, std::string url) {
    const std::string scheme = url.substr(0, url.find(':'));
    const auto known = registry_.schemes();
    if (std::ranges::find(known, scheme) == known.end()) {
      refuse(std::move(seen), fmt::format("this program has no store for '{}:' URLs", scheme));
      return;
    }
    if (auto good = registry_.check(url); !good) {
      refuse(std::move(seen), good.error().message());
      return;
    }
    candidates_.push_back({.seen = std::move(seen), .url = std::move(url)});
  }
  void refuse(std::string seen, std::string obstacle) {
    candidates_.push_back({.seen = std::move(seen), .obstacle = std::move(obstacle)});
  }

  const Registry& registry_;
  const std::optional<Variables>& variables_;
  std::vector<Candidate> candidates_;
};

}  // namespace

std::vector<Candidate> detect(const Registry& registry, const std::optional<Variables>& variables) {
  return Detector(registry, variables).run();
}

}  // namespace locket::inline v1::config
