#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>

#include <locket/result.hpp>
#include <locket/transport.hpp>

#include "http/handles.hpp"
#include "http/sockets.hpp"
#include "http/transfer.hpp"

namespace locket::inline v1::http {

/// A request that is to be sent, and what became of it.
struct Job {
  const Request* request = nullptr;
  Origin origin = {};
  MachineTime deadline = {};
  std::optional<Result<Response>> answer = {};
};

/// Up to `capacity` connections that stay open between requests, used by one thread at a time.
class Channel {
 public:
  /// Throws std::bad_alloc.
  explicit Channel(std::size_t capacity);
  ~Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  std::size_t capacity() const noexcept { return capacity_; }

  /// Sends all jobs, as many at once as there are connections, and fills in their answers. Returns as soon as `stop` is
  /// triggered: what has no answer then was cancelled.
  void run(std::span<Job*> jobs, const Common& common, const Clock& clock, const std::stop_token& stop);

 private:
  class Run;

  Sockets sockets_;
  Multi multi_;
  std::size_t capacity_;
};

}  // namespace locket::inline v1::http
