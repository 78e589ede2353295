// SECURITY.md's catalogue: 11 certificates and versions, 12 plain http://, 18 a changed identity.
#include <array>
#include <filesystem>
#include <fstream>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <locket/testing/manual_clock.hpp>
#include <locket/testing/recording_observer.hpp>

#include "http/identity.hpp"
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

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string peer(http::Transport& transport) {
  auto answer = transport.send(get("mtls", "/echo"));
  if (!answer) return answer.error().reason();
  const auto json = http::Json::parse(std::move(answer->body));
  return std::string(json->root()["peer"].children().at(0).text());
}

struct Folder {
  explicit Folder(const char* name) : path(fake().file(name)) { std::filesystem::create_directory(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
  // As certificates are renewed: a new file takes the place of the old one.
  void put(const std::string& from, const char* as = "client.pem") const {
    std::filesystem::copy_file(from, path + "/new");
    std::filesystem::rename(path + "/new", file(as));
  }
  std::string file(const char* name) const { return path + "/" + name; }
  std::string path;
};

}  // namespace

TEST_CASE("11: a connection that is not safe is refused, and the error says what to do") {
  struct Case {
    const char* listener;
    const char* reason;
    const char* hint;
  };
  const auto transport = open();
  const char* const authority =
      "name a file with the certificate of the authority that signed it: ca=/path/to/ca.pem in the store's URL, or "
      "VAULT_CACERT";
  const char* const itself =
      "if it is the right server, name a file with that certificate: ca=/path/to/ca.pem in the store's URL, or "
      "VAULT_CACERT";
  const std::array cases = {
      Case{.listener = "self", .reason = "http.tls_self_signed", .hint = itself},
      Case{.listener = "expired", .reason = "http.tls_expired", .hint = "renew"},
      Case{.listener = "early", .reason = "http.tls_expired", .hint = "clock"},
      Case{.listener = "wrong_host", .reason = "http.tls_host", .hint = "name"},
      Case{.listener = "untrusted", .reason = "http.tls_untrusted", .hint = authority},
      Case{.listener = "tls11", .reason = "http.tls_version", .hint = "TLS 1.2"},
      Case{.listener = "mtls", .reason = "http.tls_client_certificate", .hint = "client certificate"}};
  for (const Case& one : cases) {
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
}

TEST_CASE("a certificate and the key of another one are refused before anything is sent") {
  auto setup = with_client(fake().file("client.pem"));
  setup.files.key = fake().file("client2.pem");
  const auto transport = http::CurlTransport::make(setup);
  REQUIRE_FALSE(transport);
  CHECK(transport.error().code() == ErrorCode::InvalidArgument);
  CHECK(transport.error().reason() == "http.client_certificate");
  CHECK(transport.error().message() == "the client certificate '" + setup.files.certificate + "' and the client key '" +
                                           setup.files.key + "' do not belong together");
}

TEST_CASE("only the certificates of a file that holds a key, too, are libcurl's to copy") {
  const std::string both = fake().file("client.pem");
  const auto identity = http::Identity::load({.certificate = both, .key = both});
  REQUIRE(identity);
  const std::string_view certificate = identity->certificate().view();
  CHECK(certificate.starts_with("-----BEGIN CERTIFICATE-----\n"));
  CHECK(certificate.ends_with("-----END CERTIFICATE-----\n"));
  CHECK(certificate.find("KEY") == std::string_view::npos);
  CHECK(identity->key().view().find("PRIVATE KEY") != std::string_view::npos);
  // All of a chain.
  const Folder folder("chain");
  std::ofstream(folder.file("chain.pem")) << contents(both) << "words\n" << contents(fake().file("ca.pem"));
  const auto chain = http::Identity::load({.certificate = folder.file("chain.pem"), .key = both});
  REQUIRE(chain);
  CHECK(chain->certificate().view() == std::string(certificate) + contents(fake().file("ca.pem")));
  CHECK(peer(*open(with_client(folder.file("chain.pem")))) == "first client");
}

TEST_CASE("18: another client certificate means other connections") {
  const Folder folder("renewed");
  folder.put(fake().file("client.pem"));
  const auto clock = std::make_shared<locket::testing::ManualClock>();
  auto setup = with_client(folder.file("client.pem"));
  setup.clock = clock;
  const auto transport = open(setup);
  CHECK(peer(*transport) == "first client");
  folder.put(fake().file("client2.pem"));
  clock->advance(1s);
  CHECK(peer(*transport) == "second client");
}

TEST_CASE("18: while the files form no identity, the one that was good is used, and the observer hears why") {
  const Folder folder("renewing");
  folder.put(fake().file("client.pem"));
  folder.put(fake().file("client.pem"), "key.pem");
  const auto clock = std::make_shared<locket::testing::ManualClock>();
  const auto observer = std::make_shared<locket::testing::RecordingObserver>();
  auto setup = with_client(folder.file("client.pem"));
  setup.files.key = folder.file("key.pem");
  setup.clock = clock;
  setup.observer = observer;
  setup.store = "vault at home";
  const auto transport = open(setup);
  folder.put(fake().file("client2.pem"));  // its key comes later
  clock->advance(1s);
  CHECK(peer(*transport) == "first client");
  CHECK(peer(*transport) == "first client");
  REQUIRE(observer->events().size() == 1);  // they are not looked at each time
  CHECK(observer->events()[0].kind == locket::Event::Kind::RefreshFailed);
  CHECK(observer->events()[0].store == "vault at home");
  CHECK(observer->events()[0].error->reason() == "http.client_certificate");
  std::filesystem::remove(folder.file("key.pem"));
  clock->advance(1s);
  CHECK(peer(*transport) == "first client");
  CHECK(observer->events()[1].error->reason() == "http.file");
  folder.put(fake().file("client2.pem"), "key.pem");
  clock->advance(1s);
  CHECK(peer(*transport) == "second client");
  CHECK(observer->events().size() == 2);
}

TEST_CASE("18: authorities that are half written are none yet, and those that were trusted stay") {
  const Folder folder("authorities");
  folder.put(fake().file("ca.pem"), "ca.pem");
  const auto clock = std::make_shared<locket::testing::ManualClock>();
  const auto observer = std::make_shared<locket::testing::RecordingObserver>();
  auto setup = once();
  setup.files.ca = folder.file("ca.pem");
  setup.clock = clock;
  setup.observer = observer;
  const auto transport = open(setup);
  CHECK(transport->send(get("tls", "/echo")));
  const std::string whole = contents(folder.file("ca.pem"));
  const auto write = [&](const std::string& text) { std::ofstream(folder.file("ca.pem")) << text; };
  for (const std::string& half : {whole.substr(0, whole.size() / 2), whole + whole.substr(0, whole.size() / 2)}) {
    write(half);
    clock->advance(1s);
    const auto answer = transport->send(get("tls", "/echo"));
    CHECK((answer ? "good" : answer.error().to_string()) == "good");
    REQUIRE_FALSE(observer->events().empty());
    CHECK(observer->events().back().error->reason() == "http.file");
  }
  write(whole);
  clock->advance(1s);
  CHECK(transport->send(get("tls", "/echo")));
  CHECK(observer->events().size() == 2);
}

TEST_CASE("18: nor is a client certificate one whose chain is half written") {
  const Folder folder("half_chain");
  folder.put(fake().file("client.pem"));
  const std::string authority = contents(fake().file("ca.pem"));
  std::ofstream(folder.file("client.pem"), std::ios::app) << authority.substr(0, authority.size() / 2);
  const auto half = http::Identity::load({.certificate = folder.file("client.pem"), .key = folder.file("client.pem")});
  REQUIRE_FALSE(half);
  CHECK(half.error().reason() == "http.file");
  CHECK(half.error().message().ends_with("a certificate in it cannot be read"));
}

TEST_CASE("a file that cannot be used is named, and what it should be") {
  const auto message = [](const http::IdentityFiles& files) {
    const auto identity = http::Identity::load(files);
    REQUIRE_FALSE(identity);
    CHECK(identity.error().code() == ErrorCode::InvalidArgument);
    CHECK(identity.error().reason() == "http.file");
    return identity.error().message();
  };
  CHECK(message({.ca = "/nonexistent/ca.pem"}) ==
        "the file with CA certificates '/nonexistent/ca.pem' cannot be used: No such file or directory");
  CHECK(message({.ca = "/"}) == "the file with CA certificates '/' cannot be used: it is not a file");
  CHECK(message({.certificate = LOCKET_HTTP_FAKE}) == "the client certificate '" LOCKET_HTTP_FAKE
                                                      "' cannot be used: it holds no certificate in PEM");
  CHECK(message({.key = fake().file("ca.pem")}) ==
        "the client key '" + fake().file("ca.pem") + "' cannot be used: it holds no private key in PEM");
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
