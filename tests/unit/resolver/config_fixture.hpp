#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>
#include <locket/resolver/config.hpp>
#include <locket/testing/fault_store.hpp>

namespace locket_test {

/// An application's folder, and the store of its secrets.
class Application {
 public:
  explicit Application(std::initializer_list<std::pair<std::string_view, std::string_view>> secrets = {})
      : store(std::make_shared<locket::testing::FaultStore>(*locket::memory::open())),
        resolver(*locket::Resolver::create(store, {.environment = {{}}})) {
    std::string pattern = (std::filesystem::temp_directory_path() / "locket-config-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    for (const auto& [name, value] : secrets) put(name, value);
  }
  ~Application() { std::filesystem::remove_all(folder_); }
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  void put(std::string_view name, std::string_view value) const {
    REQUIRE(store->put(name, locket::SecretData::bytes(value)));
  }
  std::string path(std::string_view name) const { return (folder_ / name).string(); }
  std::string write(std::string_view name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return path(name);
  }

  locket::Result<locket::Config> load(std::string_view name, std::string environment = {}) const {
    return locket::Config::load(path(name), resolver, {.environment = std::move(environment)});
  }
  locket::Result<locket::Config> json(std::string_view text) const {
    return locket::Config::parse(text, *locket::resolver::json(), resolver, "app.json");
  }
  locket::Result<locket::Config> dotenv(std::string_view text) const {
    return locket::Config::parse(text, *locket::resolver::dotenv(), resolver, ".env");
  }

  std::shared_ptr<locket::testing::FaultStore> store;
  locket::Resolver resolver;

 private:
  std::filesystem::path folder_;
};

template <class T>
void check_error(const locket::Result<T>& result, locket::ErrorCode code, std::string_view reason) {
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code() == code);
  CHECK(result.error().reason() == reason);
}

}  // namespace locket_test
