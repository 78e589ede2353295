// SECURITY.md's catalogue: 19 fork. And many threads on one transport.
#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>

#include "http/open.hpp"
#include "http_test.hpp"
#include "unit/core/child.hpp"

using namespace locket_test;

namespace {

std::size_t open_files() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

}  // namespace

TEST_CASE("19: a forked child is refused, and the parent's connections stay whole") {
  auto transport = http::open_transport({.ca_file = fake().file("ca.pem"), .retry = {.attempts = 1}});
  REQUIRE(transport);
  REQUIRE((*transport)->send(get("tls", "/echo")));
  const int before = count("/counter/connections%20tls");
  const int status = in_child([&] {
    const std::vector<http::Request> requests(3, get("tls", "/echo/of-the-child"));
    for (const auto& answer : (*transport)->send_many(requests)) {
      if (answer || answer.error().code() != ErrorCode::Unavailable) return 1;
      if (answer.error().reason() != "http.forked") return 2;
    }
    (*transport).reset();  // must not say goodbye on the parent's connections
    auto own = http::open_transport({.ca_file = fake().file("ca.pem")});
    return own && (*own)->send(get("tls", "/echo")) ? 0 : 3;
  });
  CHECK(status == 0);
  for (int i = 0; i < 3; ++i) REQUIRE((*transport)->send(get("tls", "/echo")));
  CHECK(count("/counter/connections%20tls") == before + 1);  // the child's own
  CHECK(count("/count/echo/of-the-child") == 0);
}

TEST_CASE("a program that is started from here inherits no connection") {
  const auto transport = open();
  REQUIRE(transport->send(get("tls", "/echo")));
  REQUIRE(transport->send(get("plain", "/echo")));
  int connections = 0;
  for (int fd = 0; fd < 256; ++fd) {
    sockaddr_storage name = {};
    socklen_t size = sizeof name;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0 || name.ss_family != AF_INET) continue;
    ++connections;
    CHECK((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
  }
  CHECK(connections > 0);
}

TEST_CASE("many threads share a transport") {
  auto setup = once();
  setup.connections = 4;
  setup.parallel = 3;
  setup.total_timeout = 30s;
  const auto transport = open(setup);
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> threads;
  threads.reserve(8);
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 20; ++i) {
        const std::string target = "/status/4" + std::to_string(10 + thread);
        const std::vector<http::Request> requests(thread % 2 == 0 ? 1 : 5, get("tls", target));
        for (const auto& answer : transport->send_many(requests)) {
          if (!answer || answer->status != 410 + thread) ++wrong;
        }
      }
    });
  }
  threads.clear();
  CHECK(wrong == 0);
}

TEST_CASE("a call that finds no connection free waits no longer than its deadline") {
  auto setup = once();
  setup.connections = 1;
  const auto transport = open(setup);
  std::stop_source done;
  std::jthread holder([&] { (void)transport->send(get("plain", "/hang/holding"), {.stop = done.get_token()}); });
  while (count("/count/hang/holding") == 0) std::this_thread::yield();
  http::Request request = get("plain", "/echo/waiting");
  request.timeout = 50ms;
  const Error error = failure(*transport, request);
  CHECK(error.code() == ErrorCode::Timeout);
  CHECK(error.reason() == "http.busy");
  std::stop_source source;
  source.request_stop();
  CHECK(failure(*transport, get("plain", "/echo/waiting"), {.stop = source.get_token()}).code() ==
        ErrorCode::Cancelled);
  CHECK(count("/count/echo/waiting") == 0);
  done.request_stop();
}

TEST_CASE("descriptors are given back") {
  const std::size_t before = open_files();
  for (int i = 0; i < 5; ++i) {
    const auto transport = open();
    std::vector<http::Request> requests(20, get("tls", "/status/404"));
    requests.push_back(get("tls", "/reset/10"));
    requests.push_back(get("self", "/"));
    (void)transport->send_many(requests);
  }
  CHECK(open_files() == before);
}

TEST_CASE("two calls of one thread at once are two connections") {
  auto setup = once();
  setup.connections = 16;
  const auto transport = open(setup);
  std::vector<std::jthread> threads;
  threads.reserve(10);
  std::atomic<int> good = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&] { good += transport->send(get("plain", "/wait/100")) ? 1 : 0; });
  }
  threads.clear();
  CHECK(good == 10);
  CHECK(std::chrono::steady_clock::now() - begun < 900ms);
}
