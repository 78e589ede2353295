#include "http/curl_transport.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "http/library.hpp"

namespace locket::inline v1::http {
namespace {

// A look costs as much as a tenth of a request.
constexpr std::chrono::seconds look_again{1};

Asked about(const Job& job) {
  return {.origin = job.request->origin, .purpose = purpose_of(*job.request)};
}

void answer_all(std::span<Job*> jobs, const Error& error) {
  for (Job* job : jobs) job->answer = error;
}

}  // namespace

Result<std::shared_ptr<CurlTransport>> CurlTransport::make(Setup setup) {
  if (auto started = start_library(); !started) return std::move(started).error();
  std::shared_ptr<CurlTransport> transport(new CurlTransport(std::move(setup)));
  if (auto pool = transport->pool(); !pool) return std::move(pool).error();
  return transport;
}

CurlTransport::CurlTransport(Setup setup) : setup_(std::move(setup)) {}

CurlTransport::~CurlTransport() {
  // The connections are the parent's: closing them here would end its sessions.
  if (forked()) std::ignore = current_.release();
}

// A pool that is still used by others lives on until they are done. Files that are no identity now are half written, or
// one of two that belong together has come: what was good is used until they are.
Result<std::shared_ptr<Pool>> CurlTransport::pool() {
  std::unique_lock lock(current_->mutex);
  auto& pool = current_->pool;
  const Deadline now = setup_.clock->steady();
  if (pool && now - current_->looked < look_again) return pool;
  current_->looked = now;
  if (pool && !pool->outdated()) return pool;
  auto identity = Identity::load(setup_.files);
  if (identity) return pool = std::make_shared<Pool>(std::move(*identity), setup_.settings, setup_.connections);
  if (!pool) return std::move(identity).error();
  auto old = pool;
  lock.unlock();
  if (setup_.observer) {
    setup_.observer->on_event({.kind = Event::Kind::RefreshFailed, .store = setup_.store, .error = &identity.error()});
  }
  return old;
}

// Deadlines are on the injected clock, I/O on the machine's: what is left of the one is added to the other.
MachineTime CurlTransport::end_of(const Request& request, const Call& call) const {
  using std::chrono::milliseconds;
  const Deadline now = setup_.clock->steady();
  const milliseconds longest =
      std::clamp(request.timeout.value_or(setup_.total_timeout), milliseconds(0), setup_.total_timeout);
  const Deadline end = std::clamp(call.deadline.value_or(Deadline::max()), now, now + longest);
  return std::chrono::steady_clock::now() + std::chrono::duration_cast<MachineTime::duration>(end - now);
}

std::vector<Job> CurlTransport::prepare(std::span<const Request> requests, const Call& call) const {
  std::vector<Job> jobs;
  jobs.reserve(requests.size());
  for (const Request& request : requests) {
    Job& job = jobs.emplace_back(Job{.request = &request, .deadline = end_of(request, call)});
    auto origin = parse_origin(request.origin, setup_.settings.metadata_addresses);
    if (origin) {
      job.origin = std::move(*origin);
    } else {
      job.answer = std::move(origin).error();
    }
  }
  return jobs;
}

void CurlTransport::send(std::span<Job*> jobs, const Call& call) {
  const auto current = pool();
  if (!current) return answer_all(jobs, current.error());
  Pool& connections = **current;
  MachineTime deadline = MachineTime::min();
  for (const Job* job : jobs) deadline = std::max(deadline, job->deadline);
  const auto channel = connections.lease(std::min(jobs.size(), setup_.parallel), deadline, call.stop);
  if (channel) return channel->run(jobs, connections.common(), *setup_.clock, call.stop);
  for (Job* job : jobs) {
    job->answer = call.stop.stop_requested() ? cancelled(about(*job), false) : no_connection_free(about(*job));
  }
}

std::vector<Result<Response>> CurlTransport::do_send_many(std::span<const Request> requests, const Call& call) {
  std::vector<Job> jobs = prepare(requests, call);
  std::vector<Job*> good;
  good.reserve(jobs.size());
  for (Job& job : jobs) {
    if (!job.answer) good.push_back(&job);
  }
  if (!good.empty()) send(good, call);
  std::vector<Result<Response>> answers;
  answers.reserve(jobs.size());
  for (Job& job : jobs) answers.push_back(*std::move(job.answer));
  return answers;
}

}  // namespace locket::inline v1::http
