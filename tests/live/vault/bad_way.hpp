#pragma once

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <locket/transport.hpp>

#include "conformance/vault_fixture.hpp"
#include "http/json.hpp"
#include "http/open.hpp"

/// A real OpenBao with a Toxiproxy in front of it, which does to connections what bad networks do.
namespace locket_test {

/// A way to the server that can be made bad. Its faults count bytes of TLS.
class BadWay {
 public:
  BadWay() : control_(locket::http::open_transport({}).value()), origin_(std::getenv("LOCKET_TOXIPROXY")) {
    const std::string upstream = conformance::OpenBao::address().substr(std::string_view("https://").size());
    const auto made = ask(locket::http::Method::Post, "/proxies",
                          fmt::format(R"({{"name":"way","listen":"127.0.0.1:0","upstream":"{}"}})", upstream));
    listens_ = made.root()["listen"].text();
  }
  ~BadWay() { (void)send(locket::http::Method::Delete, "/proxies/way", {}); }
  BadWay(const BadWay&) = delete;
  BadWay& operator=(const BadWay&) = delete;

  std::string address() const { return "https://" + listens_; }
  int port() const { return std::stoi(listens_.substr(listens_.rfind(':') + 1)); }

  /// `type` and its attributes (JSON members) are Toxiproxy's; "upstream" is from us to the server. Each type and
  /// stream once.
  void make(std::string_view type, std::string_view attributes, std::string_view stream = "downstream") {
    ask(locket::http::Method::Post, "/proxies/way/toxics",
        fmt::format(R"({{"name":"{}-{}","type":"{}","stream":"{}","attributes":{{{}}}}})", type, stream, type, stream,
                    attributes));
  }
  /// Connections that begin from now on are closed after so many bytes of the server's.
  void close_after(int bytes) {
    const std::string attributes = fmt::format(R"({{"attributes":{{"bytes":{}}}}})", bytes);
    const auto changed = send(locket::http::Method::Post, "/proxies/way/toxics/limit_data-downstream", attributes);
    if (changed.status == 404) make("limit_data", fmt::format(R"("bytes":{})", bytes));
  }
  void make_good() {
    auto toxics = ask(locket::http::Method::Get, "/proxies/way/toxics");
    for (const auto& toxic : toxics.root().children()) {
      (void)send(locket::http::Method::Delete, fmt::format("/proxies/way/toxics/{}", toxic["name"].text()), {});
    }
  }
  /// Shut, it accepts no connection, and those that there were are closed.
  void shut(bool shut) {
    ask(locket::http::Method::Post, "/proxies/way", fmt::format(R"({{"enabled":{}}})", shut ? "false" : "true"));
  }

 private:
  locket::http::Response send(locket::http::Method method, const std::string& target, const std::string& body) {
    return control_->send({.method = method, .origin = origin_, .target = target, .body = body}).value();
  }
  locket::http::Json ask(locket::http::Method method, const std::string& target, const std::string& body = {}) {
    auto answer = send(method, target, body);
    if (answer.status < 200 || answer.status > 299) {
      throw std::runtime_error(fmt::format("Toxiproxy answers {}: {}", answer.status, answer.body.view()));
    }
    return locket::http::Json::parse(std::move(answer.body)).value();
  }

  std::shared_ptr<locket::http::Transport> control_;
  std::string origin_;
  std::string listens_;
};

}  // namespace locket_test
