#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include <unistd.h>

#include <locket/secret_value.hpp>
#include <locket/version.hpp>

#include "http/escape.hpp"
#include "http/json.hpp"
#include "http_test.hpp"

using namespace locket_test;

namespace {

// Before libcurl reads them: a proxy that nobody is, a netrc file with credentials for the fake, a file for TLS's keys.
struct HostileEnvironment {
  HostileEnvironment() {
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"}) {
      ::setenv(name, "http://127.0.0.1:1", 1);
    }
    std::filesystem::create_directory(home);
    std::ofstream(home + "/.netrc") << "machine 127.0.0.1 login someone password something\n";
    ::setenv("HOME", home.c_str(), 1);
    ::setenv("SSLKEYLOGFILE", (home + "/keys").c_str(), 1);
  }
  ~HostileEnvironment() {
    std::error_code ignored;
    std::filesystem::remove_all(home, ignored);
  }
  HostileEnvironment(const HostileEnvironment&) = delete;
  HostileEnvironment& operator=(const HostileEnvironment&) = delete;

  const std::string home =
      (std::filesystem::temp_directory_path() / ("http-home-" + std::to_string(::getpid()))).string();
};

const HostileEnvironment environment;

/// What the fake saw.
struct Seen {
  explicit Seen(Result<http::Response> answer) : json(http::Json::parse(std::move(answer.value().body))) {}

  http::Json::Value operator[](const char* name) const { return json->root()[name]; }
  std::string text(const char* name) const { return std::string((*this)[name].text()); }
  /// The values of a header, joined.
  std::string header(std::string_view name) const {
    std::string all;
    for (const auto& line : (*this)["headers"].children()) {
      const auto parts = line.children();
      if (parts[0].text() == name) all += std::string(all.empty() ? "" : "|") + std::string(parts[1].text());
    }
    return all;
  }
  std::set<std::string> header_names() const {
    std::set<std::string> names;
    for (const auto& line : (*this)["headers"].children()) names.emplace(line.children()[0].text());
    return names;
  }

  Result<http::Json> json;
};

Seen echo(http::Request request) {
  if (request.origin.empty()) request.origin = fake().origin("tls");
  if (request.target.empty()) request.target = "/echo";
  return Seen(open()->send(request));
}

}  // namespace

TEST_CASE("a request arrives as it was made") {
  const locket::SecretValue token("s.canary");
  http::Request request{.target = "/echo/a%2Fb/../c//d?version=2&x=%20"};
  request.headers = {{.name = "X-Vault-Token", .secret = token.expose()},
                     {.name = "X-Vault-Namespace", .value = "a/b"}};
  const Seen seen = echo(request);
  CHECK(seen.text("method") == "GET");
  CHECK(seen.text("target") == request.target);
  CHECK(seen.header("X-Vault-Token") == "s.canary");
  CHECK(seen.header("X-Vault-Namespace") == "a/b");
  CHECK(seen.header("User-Agent") == std::string("locket/") + LOCKET_VERSION_STRING);
  CHECK(seen.header_names() ==
        std::set<std::string>{"Host", "User-Agent", "Accept", "X-Vault-Token", "X-Vault-Namespace"});
}

TEST_CASE("each method is sent with its body") {
  using enum http::Method;
  for (const auto method : {Get, List, Post, Put, Patch, Delete}) {
    const Seen seen = echo({.method = method});
    CHECK(seen.text("method") == to_string(method));
    CHECK(seen.text("body").empty());
    const bool writes = method == Post || method == Put || method == Patch;
    CHECK(seen.header("Content-Length") == (writes ? "0" : ""));
    CHECK(seen.header("Content-Type").empty());
  }
  for (const auto method : {Post, Put, Patch, Delete}) {
    http::Request request{.method = method};
    request.headers = {{.name = "Content-Type", .value = "application/json"}};
    request.body = R"({"a":1})";
    const Seen seen = echo(request);
    CHECK(seen.text("method") == to_string(method));
    CHECK(seen.text("body") == "eyJhIjoxfQ==");
    CHECK(seen.header("Content-Type") == "application/json");
    CHECK(seen.header("Expect").empty());
  }
}

TEST_CASE("a body of a megabyte arrives whole") {
  const std::string body(1'000'000, 'x');
  const Seen seen = echo({.method = http::Method::Post, .body = body});
  CHECK(seen.header("Content-Length") == "1000000");
  CHECK(seen.text("body").size() == 1'333'336);
}

TEST_CASE("HEAD brings the head alone") {
  auto answer = open()->send({.method = http::Method::Head, .origin = fake().origin("tls"), .target = "/echo"});
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body.empty());
}

TEST_CASE("a header may be empty") {
  http::Request request{.origin = fake().origin("plain")};
  request.headers = {{.name = "X-Empty"}};
  const Seen seen = echo(request);
  CHECK(seen.header_names().contains("X-Empty"));
}

TEST_CASE("an answer is told whole, whatever its status") {
  const auto transport = open();
  for (const int status : {200, 204, 400, 403, 404, 405, 412, 429, 472, 500, 503}) {
    auto answer = transport->send(get("tls", "/status/" + std::to_string(status)));
    REQUIRE(answer);
    CHECK(answer->status == status);
    CHECK(answer->body.view() == (status == 204 ? "" : R"({"errors":["as asked"]})"));
  }
  auto answer = transport->send(get("tls", "/echo"));
  CHECK(answer->date == std::chrono::system_clock::from_time_t(784'111'777));
}

TEST_CASE("headers are found whatever their case, and all of one name") {
  auto answer = open()->send(get("tls", "/challenges"));
  REQUIRE(answer);
  CHECK(answer->headers.find("WWW-AUTHENTICATE") == "Basic");
  CHECK(answer->headers.all("www-authenticate") == std::vector<std::string_view>{"Basic", "Bearer scope=x"});
  CHECK_FALSE(answer->headers.find("www"));
}

TEST_CASE("informational heads and trailers are not the answer's") {
  auto answer = open()->send(get("plain", "/hints"));
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->headers.find("X-Late") == "yes");
  CHECK_FALSE(answer->headers.find("X-Early"));
  auto trailed = open()->send(get("plain", "/trailers"));
  REQUIRE(trailed);
  CHECK(trailed->body.view() == "{}");
  CHECK_FALSE(trailed->headers.find("X-Trailer"));
}

TEST_CASE("neither a netrc file nor a proxy of the environment is used") {
  const Seen seen = echo({});  // the proxy would have refused the connection
  CHECK(seen.header("Authorization").empty());
}

TEST_CASE("TLS's keys are not written where SSLKEYLOGFILE says") {
  (void)echo({});
  std::ifstream log(environment.home + "/keys");
  REQUIRE(log);  // libcurl opened it
  CHECK(std::string(std::istreambuf_iterator<char>(log), {}).empty());
}

TEST_CASE("a proxy is used when it is asked for, and sees no header") {
  auto setup = once();
  setup.settings.proxy = fake().origin("plain");
  http::Request request{.origin = "https://vault.example:8200", .target = "/echo"};
  request.headers = {{.name = "X-Vault-Token", .value = "s.canary"}};
  CHECK(failure(*open(setup), request).code() == ErrorCode::Network);  // the fake is no proxy, and says so
  CHECK(count("/counter/silent%20tunnels") == 1);
  CHECK(count("/counter/tunnels") == 1);
}

TEST_CASE("a proxy is never used for this machine, neither one that was named nor the environment's") {
  auto setup = once();
  setup.settings.proxy = fake().origin("refused");
  auto from_environment = once();
  from_environment.settings.proxy_from_environment = true;
  http::Request by_name = get("tls", "/echo");
  by_name.origin = "https://localhost:" + std::to_string(fake().port("tls"));
  for (const auto& each : {setup, from_environment}) {
    const auto transport = open(each);
    CHECK(transport->send(get("plain", "/echo")));
    CHECK(transport->send(get("tls", "/echo")));
    CHECK(transport->send(by_name));
    CHECK(failure(*transport, {.origin = "https://vault.example", .target = "/"}).reason() == "http.connect");
  }
}

TEST_CASE("2: a header that is nothing but blanks is refused") {
  for (const char* blank : {" ", "\t", "  \t "}) {
    http::Request request = get("plain", "/echo/blank");
    request.headers = {{.name = "X-Vault-Namespace", .value = blank}};
    CHECK(failure(request).reason() == "http.request");
    request.headers = {{.name = "X-Vault-Namespace", .secret = blank}};
    CHECK(failure(request).reason() == "http.request");
  }
  CHECK(count("/count/echo/blank") == 0);
}

TEST_CASE("nothing is sent when libcurl refuses an option") {
  const int before = count("/counter/connections%20plain");
  const std::string longer_than_it_takes = "/" + std::string(8'000'000, 'x');
  const Error error = failure(get("plain", longer_than_it_takes));
  CHECK(error.code() == ErrorCode::NotSupported);
  CHECK(error.reason() == "http.libcurl");
  CHECK(count("/counter/connections%20plain") == before);
}

TEST_CASE("connections are kept, and no more than allowed are opened") {
  const int before = count("/counter/connections%20tls");
  const auto transport = open();
  for (int i = 0; i < 10; ++i) REQUIRE(transport->send(get("tls", "/echo")));
  CHECK(count("/counter/connections%20tls") == before + 1);
}

TEST_CASE("many are sent at once") {
  const int before = count("/counter/connections%20tls");
  const auto transport = open();
  std::vector<http::Request> requests;
  requests.reserve(42);
  for (int i = 0; i < 40; ++i) requests.push_back(get("tls", "/wait/20/" + std::to_string(i)));
  requests.push_back(get("tls", "/status/404"));
  requests.push_back(get("refused", "/"));
  for (int round = 0; round < 2; ++round) {
    const auto begun = std::chrono::steady_clock::now();
    const auto answers = transport->send_many(requests);
    CHECK(std::chrono::steady_clock::now() - begun < 700ms);  // one by one it would be 800
    REQUIRE(answers.size() == requests.size());
    CHECK(
        std::all_of(answers.begin(), answers.begin() + 40, [](const auto& one) { return one && one->status == 200; }));
    CHECK(answers[40]->status == 404);
    CHECK(answers[41].error().reason() == "http.connect");
  }
  CHECK(count("/counter/connections%20tls") <= before + 9);
}

TEST_CASE("escaping leaves nothing that means something in a URL") {
  CHECK(http::escape("").empty());
  CHECK(http::escape("AZaz09-._~") == "AZaz09-._~");
  CHECK(http::escape("a/b c?d#e%2F\xC3\xA4") == "a%2Fb%20c%3Fd%23e%252F%C3%A4");
  CHECK(http::escape(std::string_view("a\0b\r\n", 5)) == "a%00b%0D%0A");
}
