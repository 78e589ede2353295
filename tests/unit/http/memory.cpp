// Sends a token and a body over TLS, reads an answer that holds both, is cut off in the middle of another, releases
// everything, and looks for them in its own memory: neither libcurl nor OpenSSL, nor what is between, may keep a copy.
// The transport stays open meanwhile, with its connections.
#include <memory>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <utility>
#include <vector>

#include "fakes/http_fake.hpp"
#include "http/json.hpp"
#include "http/library.hpp"
#include "http/open.hpp"
#include "memory/own_memory.hpp"

namespace {

namespace http = locket::http;
using locket_test::Canary;
using locket_test::HttpFake;

const Canary token(11);
const Canary value(1007);

http::Request make_request(const locket::SecretBuffer& head, const locket::SecretBuffer& body, std::string target) {
  http::Request request{.method = http::Method::Post, .target = std::move(target)};
  request.headers.push_back({.name = "X-Vault-Token", .secret = head.view()});
  request.body = body.view();
  return request;
}

// How often the answers held them.
std::size_t talk(http::Transport& transport) {
  locket::SecretBuffer head;
  locket::SecretBuffer body;
  token.append_to(head);
  for (int i = 0; i < 100; ++i) value.append_to(body);
  std::size_t seen = 0;
  for (const char* listener : {"tls", "plain"}) {
    std::vector<http::Request> requests;
    for (const char* target : {"/mirror", "/mirror", "/mirror/cut", "/hang"}) {
      requests.push_back(make_request(head, body, target));
      requests.back().origin = HttpFake::get().origin(listener);
      requests.back().timeout = std::chrono::milliseconds(200);
    }
    for (auto& answer : transport.send_many(requests)) {
      if (!answer) continue;
      const auto json = http::Json::parse(std::move(answer->body));
      if (!json) continue;
      for (const char* name : {"token", "body"}) {
        const std::string_view text = json->root()[name].text();
        seen += token.count_in(text.data(), text.data() + text.size());
        seen += value.count_in(text.data(), text.data() + text.size());
      }
    }
  }
  return seen;
}

}  // namespace

int main() {
  const auto transport = http::open_transport({.ca_file = HttpFake::get().file("ca.pem")});
  if (!transport) return std::puts(transport.error().to_string().c_str()), 1;
  if (!http::library_wipes()) return std::puts("libcurl does not use our allocator"), 1;
  const std::size_t seen = talk(**transport);
  if (seen != std::size_t{4} * 101) return std::printf("the answers held the secrets %zu times\n", seen), 1;
  {
    locket::SecretBuffer held;
    token.append_to(held);
    if (token.count_in_memory() == 0)
      return std::puts("a secret that is held is not found: this program cannot see"), 1;
  }
  const std::size_t tokens = token.count_in_memory();
  const std::size_t values = value.count_in_memory();
  std::printf("%zu tokens and %zu values were left in memory\n", tokens, values);
  return tokens + values == 0 ? 0 : 1;
}
