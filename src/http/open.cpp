#include "http/open.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "http/breaking_transport.hpp"
#include "http/curl_transport.hpp"
#include "http/origin.hpp"
#include "http/retrying_transport.hpp"

namespace locket::inline v1::http {
namespace {

Error bad_option(std::string message, std::string hint, std::string reason = "http.option") {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = std::move(reason),
                .message = std::move(message),
                .hint = std::move(hint)});
}

Result<void> check_numbers(const TransportOptions& options) {
  using std::chrono::milliseconds;
  constexpr milliseconds longest = std::chrono::hours(1);
  const auto is_time = [&](milliseconds time) { return time >= milliseconds(1) && time <= longest; };
  if (!is_time(options.connect_timeout) || !is_time(options.total_timeout)) {
    return bad_option("a timeout is out of range", "choose 1 ms to 1 h");
  }
  if (options.connections < 1 || options.connections > 1024 || options.parallel < 1 || options.parallel > 64) {
    return bad_option("the number of connections is out of range",
                      "choose 1 to 1,024 in all, and 1 to 64 for one batch");
  }
  if (options.max_body < 1) return bad_option("max_body is 0", "choose at least a byte");
  if (options.retry.attempts < 1 || options.retry.attempts > 100) {
    return bad_option("the number of attempts is out of range", "choose 1, which never repeats, to 100");
  }
  const auto is_wait = [&](milliseconds time) { return time >= milliseconds(0) && time <= longest; };
  if (!is_wait(options.retry.first) || !is_wait(options.retry.longest) || !is_wait(options.retry.longest_asked) ||
      !is_wait(options.breaker.open_for)) {
    return bad_option("a time to wait is out of range", "choose 0 to 1 h");
  }
  return {};
}

Result<void> check_files(const TransportOptions& options) {
  if (options.client_certificate_file.empty() == options.client_key_file.empty()) return {};
  return bad_option("a client certificate needs a key, and the key a certificate",
                    "name both; they may stand in the same file");
}

// The proxy is on the network, so the rule about plain http:// is not for it: it sees only what is encrypted.
Result<void> check_proxy(const TransportOptions& options) {
  if (options.proxy.empty()) return {};
  const std::string_view proxy = options.proxy;
  const std::size_t host = proxy.starts_with("http://") ? 7 : 0;
  const std::string as_https = host == 0 ? options.proxy : fmt::format("https://{}", proxy.substr(host));
  if (parse_origin(as_https, false)) return {};
  return bad_option("the proxy's address is not one",
                    "write it as http://host:port or https://host:port, without a user name", "http.proxy");
}

CurlTransport::Setup curl_setup(const TransportOptions& options, Reach reach) {
  return {
      .settings = {.proxy = options.proxy,
                   .proxy_from_environment = options.proxy_from_environment,
                   .metadata_addresses = reach.metadata_addresses,
                   .http2 = options.http2,
                   .connect_timeout = options.connect_timeout,
                   .max_body = options.max_body},
      .files = {.ca = options.ca_file, .certificate = options.client_certificate_file, .key = options.client_key_file},
      .total_timeout = options.total_timeout,
      .connections = options.connections,
      .parallel = options.parallel,
      .clock = options.clock,
      .observer = options.observer,
      .store = options.store};
}

}  // namespace

std::shared_ptr<Transport> with_retries(std::shared_ptr<Transport> inner, const TransportOptions& options) {
  auto breaking = std::make_shared<BreakingTransport>(BreakingTransport::Setup{.inner = std::move(inner),
                                                                               .policy = options.breaker,
                                                                               .clock = options.clock,
                                                                               .observer = options.observer,
                                                                               .store = options.store});
  return std::make_shared<RetryingTransport>(RetryingTransport::Setup{.inner = std::move(breaking),
                                                                      .policy = options.retry,
                                                                      .total_timeout = options.total_timeout,
                                                                      .clock = options.clock,
                                                                      .random = options.random,
                                                                      .observer = options.observer,
                                                                      .store = options.store});
}

Result<std::shared_ptr<Transport>> open_transport(TransportOptions options, Reach reach) {
  if (!options.clock) options.clock = system_clock();
  if (!options.random) options.random = system_random();
  for (const auto check : {check_numbers, check_files, check_proxy}) {
    if (auto good = check(options); !good) return std::move(good).error();
  }
  auto curl = CurlTransport::make(curl_setup(options, reach));
  if (!curl) return std::move(curl).error();
  return with_retries(std::move(*curl), options);
}

}  // namespace locket::inline v1::http
