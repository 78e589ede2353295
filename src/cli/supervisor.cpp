#include "supervisor.hpp"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>
#include <poll.h>

#include "failure.hpp"
#include "masker.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

constexpr std::size_t read_size = std::size_t{256} << 10U;
// As Docker and systemd's services have it by default, or near it.
constexpr std::chrono::seconds end_grace(10);
constexpr std::chrono::seconds output_grace(1);

void add(std::vector<SecretValue>& all, const ResolvedEnvironment& environment) {
  for (const VariableSecret& secret : environment.secrets) {
    if (secret.value.size() < Masker::min_length) continue;
    if (std::find(all.begin(), all.end(), secret.value) == all.end()) all.push_back(secret.value.clone());
  }
}

}  // namespace

Supervisor::Supervisor(const Output& out, const std::vector<std::string>& words, ResolvedEnvironment environment,
                       InheritedFiles inherited, SignalForwarding signals)
    : out_(&out),
      words_(&words),
      environment_(std::move(environment)),
      inherited_(std::move(inherited)),
      signals_(std::move(signals)) {
  add(masked_, environment_);
  room_.resize(read_size);
}

Result<Supervisor> Supervisor::make(const Output& out, const std::vector<std::string>& words,
                                    ResolvedEnvironment environment, InheritedFiles inherited) {
  auto signals = SignalForwarding::install();
  if (!signals) return std::move(signals).error();
  return Supervisor(out, words, std::move(environment), std::move(inherited), std::move(*signals));
}

Result<void> Supervisor::watch(EnvironmentResolver resolver, const WatchOptions& options) {
  SignalForwarding::hold();
  auto watch = SecretWatch::begin(std::move(resolver), environment_, options.interval);
  signals_.release();
  if (!watch) return std::move(watch).error();
  watch_ = std::move(*watch);
  change_signal_ = options.signal;
  return {};
}

Result<int> Supervisor::run() {
  Output::raw(unmasked());
  for (;;) {
    auto status = run_once();
    if (!status || !restarts_) return status;
  }
}

Result<int> Supervisor::run_once() {
  restarts_ = false;
  deadline_.reset();
  end_.reset();
  if (auto started = start(); !started) return std::move(started).error();
  while (!is_finished()) turn();
  relay_->end();
  child_.reset();
  return exit_status();
}

// The block is wiped as soon as the program has it.
Result<void> Supervisor::start() {
  auto relay = Relay::open(masked_);
  if (!relay) return std::move(relay).error();
  relay_ = std::move(*relay);
  const EnvironmentBlock block(environment_.variables);
  Launch launch = relay_->launch(*words_, block);
  launch.inherited = &inherited_;
  auto child = Child::start(launch, signals_);
  if (!child) return std::move(child).error();
  child_.emplace(std::move(*child));
  relay_->begin();
  // The next one would need it.
  if (!watch_) relay_->let_go_of_input();
  return {};
}

void Supervisor::turn() {
  std::vector<pollfd> ready = waited();
  const int count = ::poll(ready.data(), static_cast<nfds_t>(ready.size()), timeout());
  if (count == 0) relay_->lose_patience();
  if (count > 0) relay_->pass(ready, {room_.data(), room_.size()});
  look_at_signals();
  look_at_child();
  look_at_watch();
  if (!deadline_ || end_ || Clock::now() < *deadline_) return;
  child_->send(SIGKILL);
  deadline_.reset();
}

std::vector<pollfd> Supervisor::waited() const {
  std::vector<pollfd> waited{{.fd = signals_.wake_fd(), .events = POLLIN, .revents = 0}};
  if (!end_ && child_->change_fd() >= 0) waited.push_back({.fd = child_->change_fd(), .events = POLLIN, .revents = 0});
  if (watch_) waited.push_back({.fd = watch_->news_fd(), .events = POLLIN, .revents = 0});
  relay_->add_to(waited);
  return waited;
}

int Supervisor::timeout() const {
  const int patience = relay_->patience();
  if (!deadline_) return patience;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - Clock::now()).count();
  const int until = static_cast<int>(std::max<decltype(left)>(left, 0));
  return patience < 0 ? until : std::min(patience, until);
}

// Who asks the program to end does not want it to begin anew.
void Supervisor::look_at_signals() {
  const SignalsSeen seen = signals_.take();
  if (seen.ending && restarts_) {
    restarts_ = false;
    // What it left behind may not keep its output open for longer.
    if (!end_) deadline_.reset();
  }
  if (seen.continued) relay_->take_terminal();
  if (!seen.resized) return;
  relay_->resize();
  if (!relay_->is_session()) child_->send(SIGWINCH);
}

void Supervisor::look_at_child() {
  if (end_) return;
  const auto change = child_->next_change();
  if (!change) return;
  if (change->kind == Change::Kind::Stopped) return suspend();
  end_ = change;
  relay_->pass_rest({room_.data(), room_.size()});
  deadline_ = Clock::now() + output_grace;
}

// The shell must see the job stopped, and have its terminal as it was.
void Supervisor::suspend() {
  relay_->give_back_terminal();
  SignalForwarding::stop_group();
  relay_->take_terminal();
  child_->send_to_group(SIGCONT);
}

void Supervisor::look_at_watch() {
  if (!watch_ || end_) return;
  auto news = watch_->take();
  if (!news) return;
  if (!*news)
    return tell(explain(news->error(), may_colour(STDERR_FILENO)) +
                "note: the program goes on with the secrets that it has\n");
  adopt(std::move(**news));
  if (!change_signal_) return begin_restart();
  relay_->mask(masked_);
  child_->send(*change_signal_);
}

void Supervisor::adopt(ResolvedEnvironment environment) {
  environment_ = std::move(environment);
  add(masked_, environment_);
  if (const std::string notes = unmasked(); !notes.empty()) tell(notes);
}

std::string Supervisor::unmasked() {
  std::string notes;
  for (const auto& [variable, value] : environment_.secrets) {
    if (value.empty() || value.size() >= Masker::min_length || !told_unmasked_.insert(variable).second) continue;
    notes += fmt::format("note: the secret in {} is shorter than {} bytes, and is not masked\n", printable(variable),
                         Masker::min_length);
  }
  return notes;
}

void Supervisor::begin_restart() {
  if (!out_->quiet) tell("a secret changed: the program is started anew\n");
  if (restarts_) return;
  restarts_ = true;
  deadline_ = Clock::now() + end_grace;
  child_->send(SIGTERM);
  // One that is stopped would not hear of it.
  child_->send_to_group(SIGCONT);
}

bool Supervisor::is_finished() const {
  return end_ && (relay_->is_over() || Clock::now() >= *deadline_);
}

// A result that was cut short is no success, whatever the program thinks.
int Supervisor::exit_status() {
  const int status = end_->exit_status();
  if (relay_->failure() == 0) return status;
  Error failure = system_failure("cannot write what the program wrote", relay_->failure());
  failure.details().code = ErrorCode::Internal;
  Output::raw(explain(failure, may_colour(STDERR_FILENO)));
  return status == 0 ? cli::exit_status(failure) : status;
}

void Supervisor::tell(const std::string& text) {
  relay_->give_back_terminal();
  Output::raw(text);
  relay_->take_terminal();
}

}  // namespace locket::cli
