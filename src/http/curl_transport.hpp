#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <locket/transport.hpp>

#include "http/pool.hpp"
#include "http/settings.hpp"

namespace locket::inline v1::http {

/// Sends each request once, over libcurl. Repeats nothing, but what libcurl itself repeats because a kept connection
/// turned out to be closed.
class CurlTransport final : public Transport {
 public:
  struct Setup {
    Settings settings = {};
    IdentityFiles files = {};
    std::chrono::milliseconds total_timeout = std::chrono::seconds(30);
    std::size_t connections = 16;
    std::size_t parallel = 8;
    std::shared_ptr<Clock> clock = {};
    std::shared_ptr<Observer> observer = {};
    std::string store = {};
  };

  /// Reads the files; connects to nothing. InvalidArgument: "http.file", "http.client_certificate".
  static Result<std::shared_ptr<CurlTransport>> make(Setup setup);
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

 protected:
  std::vector<Result<Response>> do_send_many(std::span<const Request> requests, const Call& call) override;

 private:
  explicit CurlTransport(Setup setup);

  Result<std::shared_ptr<Pool>> pool();
  MachineTime end_of(const Request& request, const Call& call) const;
  std::vector<Job> prepare(std::span<const Request> requests, const Call& call) const;
  void send(std::span<Job*> jobs, const Call& call);

  // The pool of the files as they are now.
  struct Current {
    std::mutex mutex = {};
    std::shared_ptr<Pool> pool = {};
    Deadline looked = {};  // at the files
  };

  const Setup setup_;
  std::unique_ptr<Current> current_ = std::make_unique<Current>();
};

}  // namespace locket::inline v1::http
