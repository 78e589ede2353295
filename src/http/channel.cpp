#include "http/channel.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

namespace locket::inline v1::http {
namespace {

using std::chrono::milliseconds;

void check(CURLMcode code) {
  if (code == CURLM_OUT_OF_MEMORY) throw std::bad_alloc();
}

Multi multi_for(std::size_t capacity) {
  Multi multi(::curl_multi_init());
  if (!multi) throw std::bad_alloc();
  const auto limit = static_cast<long>(capacity);
  check(::curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, limit));
  check(::curl_multi_setopt(multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, limit));
  return multi;
}

Asked about(const Job& job) {
  return {.origin = job.request->origin, .purpose = purpose_of(*job.request)};
}

}  // namespace

/// One `run`: takes its transfers out of libcurl's hands whatever happens.
class Channel::Run {
 public:
  Run(Channel& channel, std::span<Job*> jobs, const Common& common, const Clock& clock)
      : channel_(channel),
        multi_(channel.multi_.get()),
        jobs_(jobs),
        common_(common),
        clock_(clock),
        slots_(channel.capacity_) {}
  ~Run() {
    for (Slot& slot : slots_) remove(slot);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void go(const std::stop_token& stop) {
    const std::stop_callback wake(stop, [this] { (void)::curl_multi_wakeup(multi_); });
    while (!stop.stop_requested() && fill()) {
      int running = 0;
      check(::curl_multi_perform(multi_, &running));
      collect();
      end_late();
      // A connection that has become free gets its next job before the others are waited for.
      if (is_busy() && !can_begin() && !stop.stop_requested()) wait();
    }
    for (Job* job : jobs_) {
      if (!job->answer) job->answer = cancelled(about(*job), was_sent(*job));
    }
  }

 private:
  struct Slot {
    Job* job = nullptr;
    std::unique_ptr<Transfer> transfer = {};
  };

  // Gives each free slot a job; false when nothing is left to do.
  bool fill() {
    for (Slot& slot : slots_) {
      while (!slot.job && next_ < jobs_.size()) begin(slot, *jobs_[next_++]);
    }
    return is_busy();
  }
  void begin(Slot& slot, Job& job) {
    if (std::chrono::steady_clock::now() >= job.deadline) {
      job.answer = no_connection_free(about(job));
      return;
    }
    slot.transfer = std::make_unique<Transfer>(*job.request, job.origin, common_, channel_.sockets_, job.deadline);
    if (auto ready = slot.transfer->ready(); !ready) {
      job.answer = std::move(ready).error();
      slot.transfer.reset();
      return;
    }
    slot.job = &job;
    check(::curl_multi_add_handle(multi_, slot.transfer->handle()));
  }
  bool is_busy() const noexcept {
    return std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.job != nullptr; });
  }
  bool can_begin() const noexcept {
    return next_ < jobs_.size() &&
           std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.job == nullptr; });
  }
  bool was_sent(const Job& job) const noexcept {
    return std::any_of(slots_.begin(), slots_.end(),
                       [&](const Slot& slot) { return slot.job == &job && slot.transfer->sent(); });
  }

  void collect() {
    int left = 0;
    while (const CURLMsg* message = ::curl_multi_info_read(multi_, &left)) {
      const CURLcode code = message->data.result;
      Slot& slot = *std::find_if(slots_.begin(), slots_.end(), [&](const Slot& one) {
        return one.job != nullptr && one.transfer->handle() == message->easy_handle;
      });
      // Its buffers hold the answer's last piece; out of the multi first, or libcurl looks at them again.
      (void)::curl_multi_remove_handle(multi_, slot.transfer->handle());
      slot.job->answer = slot.transfer->finish(code, clock_.now());
      slot = {};
    }
  }
  void end_late() {
    const MachineTime now = std::chrono::steady_clock::now();
    for (Slot& slot : slots_) {
      if (slot.job == nullptr || now < slot.transfer->deadline()) continue;
      slot.job->answer = timed_out(about(*slot.job), slot.transfer->sent());
      remove(slot);
    }
  }
  void remove(Slot& slot) noexcept {
    if (slot.transfer) (void)::curl_multi_remove_handle(multi_, slot.transfer->handle());
    slot = {};
  }

  void wait() {
    MachineTime until = MachineTime::max();
    for (const Slot& slot : slots_) {
      if (slot.job != nullptr) until = std::min(until, slot.transfer->deadline());
    }
    constexpr milliseconds longest = std::chrono::minutes(1);
    const auto left = std::chrono::ceil<milliseconds>(
        std::min<std::chrono::nanoseconds>(until - std::chrono::steady_clock::now(), longest));
    const int timeout = static_cast<int>(std::max(left, milliseconds(0)).count());
    check(::curl_multi_poll(multi_, nullptr, 0, timeout, nullptr));
  }

  Channel& channel_;
  CURLM* multi_;
  std::span<Job*> jobs_;
  const Common& common_;
  const Clock& clock_;
  std::vector<Slot> slots_;
  std::size_t next_ = 0;
};

Channel::Channel(std::size_t capacity) : multi_(multi_for(capacity)), capacity_(capacity) {}

// What arrived while nothing was asked (an answer too many, a proxy's word about an idle connection) would be taken for
// the answer to the next request, and no answer names its question. With HTTP/2 it does, and servers speak at any time.
void Channel::run(std::span<Job*> jobs, const Common& common, const Clock& clock, const std::stop_token& stop) {
  if (!common.settings->http2 && sockets_.have_input()) multi_ = multi_for(capacity_);
  Run(*this, jobs, common, clock).go(stop);
}

}  // namespace locket::inline v1::http
