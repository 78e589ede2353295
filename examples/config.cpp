#include <locket/resolver/config.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

#include <locket/all.hpp>
#include <locket/resolver/yaml.hpp>

struct Database {
  std::string host;
  std::uint16_t port = 0;
  std::chrono::seconds timeout = {};
  std::shared_ptr<const locket::SecretValue> password;
};

static locket::Result<Database> read_database(const locket::Config& db) {
  auto host = db.get<std::string>("host");
  if (!host) return host.error();
  auto port = db.get<std::uint16_t>("port");
  if (!port) return port.error();
  auto timeout = db.get_or("timeout", std::chrono::seconds(10));
  if (!timeout) return timeout.error();
  auto password = db.secret("password");
  if (!password) return password.error();
  return Database{.host = *host, .port = *port, .timeout = *timeout, .password = *password};
}

int main(int argc, char** argv) {  // config app.yaml [environment]
  const auto store = locket::open_default(locket::default_registry());
  if (!store) return std::cerr << store.error() << '\n', 1;
  const auto resolver = locket::Resolver::create(*store, {.formats = {locket::resolver::yaml()}});
  const auto config = locket::Config::load(argc > 1 ? argv[1] : "app.yaml", *resolver, {argc > 2 ? argv[2] : ""});
  if (!config) return std::cerr << config.error() << '\n', 1;
  const auto db = read_database(*config->section("db"));
  if (!db) return std::cerr << db.error() << '\n', 1;
  std::cout << db->host << ':' << db->port << ", " << *db->password << ", " << db->timeout.count() << " s\n";
}
