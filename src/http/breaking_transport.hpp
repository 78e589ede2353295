#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <locket/transport.hpp>

#include "http/breaker.hpp"

namespace locket::inline v1::http {

/// Leaves an origin alone that does not answer: one circuit breaker for each. A batch counts as one call.
class BreakingTransport final : public Transport {
 public:
  struct Setup {
    std::shared_ptr<Transport> inner = {};
    BreakerPolicy policy = {};
    std::shared_ptr<Clock> clock = {};
    std::shared_ptr<Observer> observer = {};
    std::string store = {};
  };

  explicit BreakingTransport(Setup setup);

 protected:
  std::vector<Result<Response>> do_send_many(std::span<const Request> requests, const Call& call) override;

 private:
  struct Visit;
  class Visits;

  void admit(std::span<const Request> requests, Visits& visits);
  std::vector<Result<Response>> send(std::span<const Request> requests, const Visits& visits, const Call& call);
  void end(Visit& visit, std::span<const Request> requests, const std::vector<Result<Response>>& answers,
           Deadline begun);
  Breaker::Outcome outcome_of(const Result<Response>& answer, Deadline begun) const;
  Breaker& breaker(std::string_view origin);
  void tell(Breaker::Change change, const Error* why) const;

  const Setup setup_;
  std::mutex mutex_;
  std::map<std::string, Breaker, std::less<>> breakers_;  // a backend talks to few origins
};

}  // namespace locket::inline v1::http
