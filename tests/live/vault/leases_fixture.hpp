#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <locket/backends/vault_database.hpp>
#include <locket/backends/vault_leases.hpp>
#include <locket/testing/recording_observer.hpp>

#include "conformance/vault_fixture.hpp"

/// A real OpenBao that lends users of a real PostgreSQL.
namespace leases {

using namespace locket;
using conformance::OpenBao;
using conformance::openbao;
using http::Method;

inline std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

inline void need_server() {
  if (const std::string missing = OpenBao::missing(); !missing.empty()) SKIP("no OpenBao: " << missing);
}

inline void need_database() {
  need_server();
  if (variable("LOCKET_POSTGRESQL_PORT").empty()) {
    SKIP("no PostgreSQL: " << variable("LOCKET_NO_POSTGRESQL") << "; see tests/servers/with-postgresql.sh");
  }
}

inline std::string fresh(const std::string& kind) {
  static std::atomic<int> count = 0;
  return fmt::format("{}_{}", kind, ++count);
}

/// One run of psql: it logs in over TCP, asks, and goes.
struct Psql {
  bool ok = false;
  std::string output = {};
};

inline std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t n = 0; (n = ::read(fd, piece.data(), piece.size())) > 0;)
    text.append(piece.data(), static_cast<std::size_t>(n));
  return text;
}

inline Psql psql(const std::string& user, const std::string& password, const std::string& sql = "select 1") {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions{};
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  std::vector<std::string> words{variable("LOCKET_PSQL"),
                                 "-X",
                                 "-w",
                                 "-tA",
                                 "-h",
                                 "127.0.0.1",
                                 "-p",
                                 variable("LOCKET_POSTGRESQL_PORT"),
                                 "-U",
                                 user,
                                 "-c",
                                 sql,
                                 "postgres"};
  std::vector<std::string> environment{"PGPASSWORD=" + password, "PGSSLMODE=disable", "PATH=/usr/bin:/bin"};
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
  };
  pid_t child = 0;
  const int failed =
      ::posix_spawn(&child, words[0].c_str(), &actions, nullptr, pointers(words).data(), pointers(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  Psql result{.ok = false, .output = failed == 0 ? read_all(ends[0]) : "psql cannot be started"};
  ::close(ends[0]);
  int status = 0;
  if (failed == 0 && ::waitpid(child, &status, 0) == child) result.ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return result;
}

inline std::string as_superuser(const std::string& sql) {
  const Psql result = psql(variable("LOCKET_POSTGRESQL_USER"), variable("LOCKET_POSTGRESQL_PASSWORD"), sql);
  if (!result.ok) throw std::runtime_error(result.output);
  return result.output.substr(0, result.output.find('\n'));
}

inline std::string text_of(const Secret& secret, std::string_view field) {
  return std::string(secret.field(field).value().expose());
}

inline Psql log_in(const Secret& secret) {
  return psql(text_of(secret, "username"), text_of(secret, "password"));
}

/// Whether it comes true within a while: for what PostgreSQL and OpenBao do in their own time.
template <class Condition>
bool eventually(Condition condition, std::chrono::seconds within = std::chrono::seconds(20)) {
  const auto until = std::chrono::steady_clock::now() + within;
  while (std::chrono::steady_clock::now() < until) {
    if (condition()) return true;
    ::usleep(50'000);
  }
  return condition();
}

/// A database engine of its own, whose users are told by its name.
class Engine {
 public:
  Engine() {
    need_database();
    openbao().ask(Method::Post, "sys/mounts/" + mount_, R"({"type":"database"})");
    openbao().ask(Method::Post, mount_ + "/config/pg",
                  fmt::format(R"({{"plugin_name":"postgresql-database-plugin","allowed_roles":"*",)"
                              R"("connection_url":"postgresql://{{{{username}}}}:{{{{password}}}}@127.0.0.1:{}/)"
                              R"(postgres?sslmode=disable","username":"{}","password":"{}"}})",
                              variable("LOCKET_POSTGRESQL_PORT"), variable("LOCKET_POSTGRESQL_USER"),
                              variable("LOCKET_POSTGRESQL_PASSWORD")));
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine() { openbao().try_to(Method::Delete, "sys/mounts/" + mount_); }

  /// A role whose users have `group` as a member, so that they can be counted.
  std::string dynamic_role(int ttl, int max_ttl) {
    const std::string role = fresh("app");
    as_superuser(fmt::format("create role \"{}\"", group(role)));
    openbao().ask(
        Method::Post, fmt::format("{}/roles/{}", mount_, role),
        fmt::format(
            R"({{"db_name":"pg","default_ttl":{},"max_ttl":{},"creation_statements":)"
            R"(["CREATE ROLE \"{{{{name}}}}\" LOGIN PASSWORD '{{{{password}}}}' VALID UNTIL '{{{{expiration}}}}')"
            R"( IN ROLE \"{}\""]}})",
            ttl, max_ttl, group(role)));
    return role;
  }
  std::string static_role(int period) {
    const std::string role = fresh("static");
    as_superuser(fmt::format("create role \"{}\" login password 'before'", group(role)));
    openbao().ask(Method::Post, fmt::format("{}/static-roles/{}", mount_, role),
                  fmt::format(R"({{"db_name":"pg","username":"{}","rotation_period":{}}})", group(role), period));
    return role;
  }
  /// How many users of a role there are in the database.
  int users(const std::string& role) const {
    return std::stoi(as_superuser(
        fmt::format("select count(*) from pg_auth_members m join pg_roles r on r.oid = m.roleid where r.rolname = '{}'",
                    group(role))));
  }
  std::string group(const std::string& role) const { return mount_ + "_" + role; }
  const std::string& mount() const { return mount_; }

  static vault::Options server(const std::string& token = OpenBao::token()) {
    vault::Options options{.address = OpenBao::address(), .name_space = "", .login = conformance::with_token(token)};
    options.connection.ca_file = OpenBao::ca();
    return options;
  }
  std::shared_ptr<SecretStore> open(vault::DatabaseOptions options = {},
                                    const std::string& token = OpenBao::token()) const {
    const auto observer = options.server.settings.observer;
    options.server = server(token);
    options.server.settings.observer = observer;
    options.mount = mount_;
    auto store = vault::open_database(std::move(options));
    REQUIRE(store);
    return *store;
  }

 private:
  const std::string mount_ = fresh("db");
};

template <class T>
void fails(const Result<T>& result, ErrorCode code, const std::string& reason) {
  REQUIRE_FALSE(result);
  INFO(result.error().to_string());
  CHECK(result.error().code() == code);
  CHECK(result.error().reason() == reason);
}

}  // namespace leases
