#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <locket/transport.hpp>

#include "http/retry_reserve.hpp"

namespace locket::inline v1::http {

/// Repeats what failed for a reason that may pass, as RetryPolicy says, and bounds a call with all its attempts.
class RetryingTransport final : public Transport {
 public:
  struct Setup {
    std::shared_ptr<Transport> inner = {};
    RetryPolicy policy = {};
    std::chrono::milliseconds total_timeout = std::chrono::seconds(30);
    std::shared_ptr<Clock> clock = {};
    std::shared_ptr<RandomSource> random = {};
    std::shared_ptr<Observer> observer = {};
    std::string store = {};
  };

  explicit RetryingTransport(Setup setup);

 protected:
  std::vector<Result<Response>> do_send_many(std::span<const Request> requests, const Call& call) override;

 private:
  struct Batch;

  bool is_worth_it(const Request& request, const Result<Response>& answer) const;
  std::vector<std::size_t> choose(Batch& batch, std::uint32_t repetition);
  void repeat(Batch& batch, const std::vector<std::size_t>& again);
  static void stop(Batch& batch, const std::vector<std::size_t>& again);
  std::chrono::milliseconds wait_for(const Result<Response>& answer, std::uint32_t repetition) const;
  void tell(const Request& request, const Result<Response>& answer) const;

  const Setup setup_;
  RetryReserve reserve_;
};

}  // namespace locket::inline v1::http
