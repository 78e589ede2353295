#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include <locket/transport.hpp>

#include "fakes/http_fake.hpp"
#include "http/curl_transport.hpp"

namespace locket_test {

namespace http = locket::http;
using locket::Call;
using locket::Effect;
using locket::Error;
using locket::ErrorCode;
using locket::Result;
using namespace std::chrono_literals;

inline const HttpFake& fake() {
  return HttpFake::get();
}

/// A transport that trusts the fake, and repeats nothing. Whatever goes wrong is to show within two seconds.
inline http::CurlTransport::Setup once() {
  return {.files = {.ca = fake().file("ca.pem")}, .total_timeout = 2s, .clock = locket::system_clock()};
}

inline std::shared_ptr<http::Transport> open(http::CurlTransport::Setup setup = once()) {
  auto transport = http::CurlTransport::make(std::move(setup));
  REQUIRE(transport);
  return *transport;
}

inline http::Request get(const std::string& listener, std::string target) {
  return {.origin = fake().origin(listener), .target = std::move(target)};
}

/// The error that a request ends with.
inline Error failure(http::Transport& transport, const http::Request& request, const Call& call = {}) {
  auto answer = transport.send(request, call);
  REQUIRE_FALSE(answer);
  return answer.error();
}
inline Error failure(const http::Request& request) {
  return failure(*open(), request);
}

/// What the fake counts, asked over a connection of its own.
inline int count(const std::string& what) {
  auto answer = open()->send(get("elsewhere", what));
  REQUIRE(answer);
  return std::stoi(std::string(answer->body.view()));
}

}  // namespace locket_test
