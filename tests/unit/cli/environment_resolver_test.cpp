#include "cli/environment_resolver.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <poll.h>

#include "cli/secret_watch.hpp"

namespace {

using namespace locket::cli;
namespace fs = std::filesystem;

// A dir: store with what it is given, and variables that refer to it.
class Folder {
 public:
  explicit Folder(const char* name) : path_(fs::current_path() / name) {
    fs::remove_all(path_);
    fs::create_directories(path_);
    session_.store_option = "dir:" + path_.string();
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void set(const std::string& name, const std::string& value) const {
    std::ofstream(path_ / "..new") << value;
    fs::rename(path_ / "..new", path_ / name);
  }
  void remove(const std::string& name) const { fs::remove(path_ / name); }

  locket::Result<EnvironmentResolver> open(const std::vector<std::pair<const char*, const char*>>& variables) const {
    std::vector<Variable> all;
    for (const auto& [name, value] : variables) {
      all.push_back({.name = name, .value = locket::SecretValue(std::string_view(value)), .place = {.path = name}});
    }
    return EnvironmentResolver::open(session_, std::move(all));
  }

 private:
  fs::path path_;
  Session session_;
};

std::string text_of(const ResolvedEnvironment& environment, std::string_view name) {
  for (const Variable& each : environment.variables) {
    if (each.name == name) return std::string(each.value.expose());
  }
  return "(unset)";
}

std::multiset<std::string> secrets_of(const ResolvedEnvironment& environment) {
  std::multiset<std::string> secrets;
  for (const auto& [variable, value] : environment.secrets)
    secrets.insert(variable + "=" + std::string(value.expose()));
  return secrets;
}

TEST_CASE("a variable's secrets are told apart from the text around them") {
  const Folder folder("environment_resolver_apart");
  folder.set("p", "s p");
  folder.set("f", R"({"k":"field"})");
  folder.set("b", "aHVudGVyMg==");
  const auto resolver = folder.open({{"PLAIN", "text"},
                                     {"URL", "postgres://u:$<secret:p?enc=url>@$<secret:f#k>"},
                                     {"DECODED", "$<secret:b?decode=base64>"},
                                     {"ESCAPED", "$$<secret:p>"},
                                     {"DEFAULT", "$<secret:no|plain default>"},
                                     {"NAMED", "$<secret:$<env:WHICH>>"},
                                     {"WHICH", "p"},
                                     {"GONE", "$<secret:no?optional>"}});
  REQUIRE(resolver);
  const auto environment = resolver->resolve();
  REQUIRE(environment);
  CHECK(text_of(*environment, "PLAIN") == "text");
  CHECK(text_of(*environment, "URL") == "postgres://u:s%20p@field");
  CHECK(text_of(*environment, "DECODED") == "hunter2");
  CHECK(text_of(*environment, "ESCAPED") == "$<secret:p>");
  CHECK(text_of(*environment, "DEFAULT") == "plain default");
  CHECK(text_of(*environment, "NAMED") == "s p");
  CHECK(text_of(*environment, "GONE") == "(unset)");
  CHECK(secrets_of(*environment) == std::multiset<std::string>{"URL=s p", "URL=field", "DECODED=hunter2", "NAMED=s p"});
}

TEST_CASE("every bad reference is told once, at its variable") {
  const Folder folder("environment_resolver_bad");
  folder.set("p", "hunter2");
  const auto resolver = folder.open(
      {{"A", "$<secret:no> $<secret:p> $<secret:nor>"}, {"B", "$<secret:p?type=int>"}, {"C", "$<secret:p"}});
  REQUIRE(resolver);
  const auto environment = resolver->resolve();
  REQUIRE(!environment);
  CHECK(environment.error().code() == locket::ErrorCode::NotFound);
  std::vector<std::string> paths;
  for (const locket::Error& cause : environment.error().causes()) paths.push_back(cause.place()->to_string());
  CHECK(paths == std::vector<std::string>{"A", "A", "B", "C"});
  CHECK(environment.error().to_string().find("hunter2") == std::string::npos);
}

TEST_CASE("without a reference no store is opened") {
  Session session;
  session.store_option = "dir:/nonexistent/folder";
  std::vector<Variable> variables;
  variables.push_back({.name = "A", .value = locket::SecretValue("b")});
  const auto resolver = EnvironmentResolver::open(session, std::move(variables));
  REQUIRE(resolver);
  CHECK(!resolver->has_references());
  CHECK(resolver->resolve()->variables.size() == 1);
}

// Returns what the watch tells next, however long that takes.
SecretWatch::News next(SecretWatch& watch) {
  for (;;) {
    pollfd waited{.fd = watch.news_fd(), .events = POLLIN, .revents = 0};
    REQUIRE(::poll(&waited, 1, 60'000) == 1);
    if (auto news = watch.take()) return std::move(*news);
  }
}

TEST_CASE("a watch tells changes, and a failure once") {
  const Folder folder("secret_watch");
  folder.set("p", "one");
  const auto resolver = folder.open({{"P", "$<secret:p>"}});
  REQUIRE(resolver);
  const auto known = resolver->resolve();
  REQUIRE(known);
  auto watch = SecretWatch::begin(*resolver, *known, std::chrono::milliseconds(1));
  REQUIRE(watch);
  folder.set("p", "two");
  CHECK(text_of(*next(**watch), "P") == "two");
  folder.remove("p");
  const auto failure = next(**watch);
  REQUIRE(!failure);
  CHECK(failure.error().code() == locket::ErrorCode::NotFound);
  // The next news are the change: neither the same failure again, nor the value that is known.
  folder.set("p", "two");
  folder.set("p", "three");
  CHECK(text_of(*next(**watch), "P") == "three");
}

TEST_CASE("an interval") {
  using std::chrono::milliseconds;
  CHECK(*parse_interval("100ms") == milliseconds(100));
  CHECK(*parse_interval("30s") == milliseconds(30'000));
  CHECK(*parse_interval("1d") == milliseconds(86'400'000));
  for (const char* text : {"", "ms", "0ms", "-1ms", "1.5ms", "86400001ms", "30", "s", "2d", "99999999999999999999ms"}) {
    INFO(text);
    CHECK(!parse_interval(text));
  }
}

}  // namespace
