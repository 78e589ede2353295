// SECURITY.md's catalogue: 11 certificates and versions, 12 plain http://, 18 a changed identity.
#include <filesystem>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <locket/testing/manual_clock.hpp>

#include "http/json.hpp"
#include "http/open.hpp"
#include "http/origin.hpp"
#include "http_test.hpp"

using namespace locket_test;

namespace {

http::CurlTransport::Setup with_client(const std::string& file) {
  auto setup = once();
  setup.files.certificate = setup.files.key = file;
  return setup;
}

std::string peer(http::Transport& transport) {
  auto answer = transport.send(get("mtls", "/echo"));
  if (!answer) return answer.error().reason();
  const auto json = http::Json::parse(std::move(answer->body));
  return std::string(json->root()["peer"].children().at(0).text());
}

struct Folder {
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  // As certificates are renewed: a new file takes the place of the old one.
  void put(const std::string& from) const {
    std::filesystem::copy_file(from, path + "/new");
    std::filesystem::rename(path + "/new", path + "/client.pem");
  }
  std::string path = fake().file("renewed");
};

}  // namespace

TEST_CASE("11: a connection that is not safe is refused, and the error says what to do") {
  struct Case {
    const char* listener;
    const char* reason;
    const char* hint;
  };
  const auto transport = open();
  for (const Case& one :
       {Case{"self", "http.tls_self_signed", "ca-file"}, Case{"expired", "http.tls_expired", "renew"},
        Case{"early", "http.tls_expired", "clock"}, Case{"wrong_host", "http.tls_host", "name"},
        Case{"untrusted", "http.tls_untrusted", "ca-file"}, Case{"tls11", "http.tls_version", "TLS 1.2"},
        Case{"mtls", "http.tls_client_certificate", "client certificate"}}) {
    INFO(one.listener);
    const Error error = failure(*transport, get(one.listener, "/echo/unsafe"));
    CHECK(error.code() == ErrorCode::Network);
    CHECK(error.reason() == one.reason);
    CHECK(error.hint().find(one.hint) != std::string::npos);
    CHECK_FALSE(error.retryable());
  }
  CHECK(count("/count/echo/unsafe") == 0);
}

TEST_CASE("11: a port that does not speak TLS is told") {
  http::Request request = get("plain", "/");
  request.origin.replace(0, 4, "https");
  CHECK(failure(request).reason() == "http.tls_not_tls");
}

TEST_CASE("11: only the authorities that were named are trusted") {
  auto setup = once();
  setup.files.ca = fake().file("other-ca.pem");
  CHECK(failure(*open(setup), get("tls", "/")).reason() == "http.tls_untrusted");
  CHECK(open(setup)->send(get("untrusted", "/echo")));
  setup.files.ca = {};
  CHECK(failure(*open(setup), get("tls", "/")).reason() == "http.tls_untrusted");
  // A certificate that is signed by itself can be trusted by name.
  setup.files.ca = fake().file("self.pem");
  CHECK(open(setup)->send(get("self", "/echo")));
}

TEST_CASE("11: the host's name counts, not only its address") {
  http::Request request{.origin = "https://localhost:" + std::to_string(fake().port("tls")), .target = "/echo"};
  CHECK(open()->send(request));
}

TEST_CASE("12: an origin is scheme, host and port, and http:// is for this machine") {
  const auto reason = [](std::string_view text, bool metadata = false) {
    const auto origin = http::parse_origin(text, metadata);
    return origin ? std::string("good") : origin.error().reason();
  };
  for (const char* good :
       {"https://vault.example", "https://Vault.Example:8200", "https://[2001:db8::1]:8200", "https://10.0.0.1",
        "http://127.0.0.1:8200", "http://127.8.9.10", "http://[::1]:80", "http://localhost:8200", "http://LOCALHOST"}) {
    INFO(good);
    CHECK(reason(good) == "good");
  }
  for (const char* plain :
       {"http://vault.example", "http://10.0.0.1", "http://0.0.0.0", "http://127.0.0.1.example", "http://[::]",
        "http://localhost.example", "http://127.1", "http://2130706433", "http://0x7f000001", "http://0177.0.0.1",
        "http://169.254.169.254", "http://[fe80::1]", "http://[::ffff:10.0.0.1]", "http://localhost."}) {
    INFO(plain);
    CHECK(reason(plain) == "http.plain");
  }
  for (const char* bad : {"",
                          "vault.example",
                          "ftp://vault.example",
                          "HTTPS://vault.example",
                          "https://",
                          "https://user:pass@vault.example",
                          "https://vault.example/",
                          "https://vault.example?x",
                          "https://vault.example#x",
                          "https://vault.example:",
                          "https://vault.example:0",
                          "https://vault.example:65536",
                          "https://vault.example:8x",
                          "https://[::1",
                          "https://[]",
                          "https://[127.0.0.1]",
                          "https://a b",
                          "https://a%2eb",
                          "https://a\\b",
                          "https://a\r\nb",
                          "https://2001:db8::1",
                          "http://127.0.0.1@evil.example",
                          "http://127.0.0.1\\@evil.example",
                          "https://v\xC3\xA4ult.example"}) {
    INFO(bad);
    CHECK(reason(bad) == "http.origin");
  }
  for (const char* metadata : {"http://169.254.169.254", "http://169.254.170.2", "http://169.254.170.23:80",
                               "http://[fd00:ec2::254]", "http://[fd00:ec2::23]"}) {
    CHECK(reason(metadata) == "http.plain");
    CHECK(reason(metadata, true) == "good");
  }
  CHECK(reason("http://169.254.1.1", true) == "http.plain");
  CHECK(http::parse_origin("https://user:hunter2@vault", false).error().to_string().find("hunter2") ==
        std::string::npos);
}

TEST_CASE("12: what is connected to counts, whatever a name resolves to") {
  const auto reaches = [](http::PlainReach plain, const char* text) {
    sockaddr_storage storage = {};
    auto& six = reinterpret_cast<sockaddr_in6&>(storage);
    auto& four = reinterpret_cast<sockaddr_in&>(storage);
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
      storage.ss_family = AF_INET;
    } else {
      REQUIRE(inet_pton(AF_INET6, text, &six.sin6_addr) == 1);
      storage.ss_family = AF_INET6;
    }
    return http::may_reach(plain, reinterpret_cast<const sockaddr&>(storage));
  };
  using enum http::PlainReach;
  for (const char* loopback : {"127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1"}) {
    CHECK(reaches(Loopback, loopback));
    CHECK_FALSE(reaches(Metadata, loopback));
  }
  for (const char* other : {"10.0.0.1", "128.0.0.1", "::", "fe80::1", "::ffff:10.0.0.1", "169.254.169.254"}) {
    CHECK_FALSE(reaches(Loopback, other));
    CHECK(reaches(None, other));
  }
  CHECK(reaches(Metadata, "169.254.169.254"));
  CHECK_FALSE(reaches(Metadata, "169.254.169.253"));
  http::Request request = get("plain", "/echo");
  request.origin = "http://localhost:" + std::to_string(fake().port("plain"));
  CHECK(open()->send(request));
}

TEST_CASE("a client certificate is shown, and a wrong one told") {
  CHECK(peer(*open(with_client(fake().file("client.pem")))) == "first client");
  CHECK(peer(*open(with_client(fake().file("foreign-client.pem")))) == "http.tls_client_certificate");
  auto setup = with_client(fake().file("client.pem"));
  setup.files.key = fake().file("client2.pem");
  CHECK(peer(*open(setup)) == "http.client_certificate");
}

TEST_CASE("18: another client certificate means other connections") {
  const Folder folder;
  folder.put(fake().file("client.pem"));
  const auto clock = std::make_shared<locket::testing::ManualClock>();
  auto setup = with_client(folder.path + "/client.pem");
  setup.clock = clock;
  const auto transport = open(setup);
  CHECK(peer(*transport) == "first client");
  folder.put(fake().file("client2.pem"));
  clock->advance(1s);
  CHECK(peer(*transport) == "second client");
  std::filesystem::remove(folder.path + "/client.pem");
  clock->advance(1s);
  const Error gone = failure(*transport, get("mtls", "/echo"));
  CHECK(gone.reason() == "http.file");
  CHECK(gone.code() == ErrorCode::Unavailable);
  folder.put(fake().file("client.pem"));
  CHECK(peer(*transport) == "first client");
}

TEST_CASE("options are checked before anything is opened") {
  const auto reason = [](http::TransportOptions options) {
    const auto transport = http::open_transport(std::move(options));
    return transport ? std::string("good") : transport.error().reason();
  };
  CHECK(reason({}) == "good");
  CHECK(reason({.connect_timeout = 0ms}) == "http.option");
  CHECK(reason({.total_timeout = 25h}) == "http.option");
  CHECK(reason({.max_body = 0}) == "http.option");
  CHECK(reason({.connections = 0}) == "http.option");
  CHECK(reason({.parallel = 65}) == "http.option");
  CHECK(reason({.retry = {.attempts = 0}}) == "http.option");
  CHECK(reason({.client_key_file = "key.pem"}) == "http.option");
  CHECK(reason({.ca_file = "/nonexistent/ca.pem"}) == "http.file");
  CHECK(reason({.ca_file = "/"}) == "http.file");
  CHECK(reason({.ca_file = LOCKET_HTTP_FAKE}) == "http.file");
  CHECK(reason({.proxy = "http://proxy.example:3128"}) == "good");
  CHECK(reason({.proxy = "https://proxy.example"}) == "good");
  CHECK(reason({.proxy = "proxy.example"}) == "http.proxy");
  CHECK(reason({.proxy = "socks5://proxy.example"}) == "http.proxy");
  CHECK(reason({.proxy = "http://user:secret@proxy.example"}) == "http.proxy");
}
