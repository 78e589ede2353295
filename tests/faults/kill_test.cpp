// A process that writes is killed at a random moment, again and again, and whoever opens the store after it finds all
// that was acknowledged, whole, and at most the one write that was under way.
//
// What a SIGKILL shows is the order of the system calls: the kernel keeps the pages that the dead process had written,
// so a missing fsync is not found here. That takes a power cut, or a device that drops what was not flushed; the calls
// that would matter then are made to fail in points_test.cpp.
#include <array>
#include <csignal>
#include <thread>

#include "campaign.hpp"
#include "seen.hpp"
#include "unit/local/local_test.hpp"

using namespace local_test;

namespace {

using faults::pick;
using faults::Random;
using faults::Seen;

constexpr std::uint32_t history = 4;
constexpr std::size_t names = 8;
constexpr std::uint64_t cycles_of_a_store = 100;

struct Step {
  enum class Kind { Put, Rollback, Remove, Undelete, Purge, Annotate, Rekey, Rotate, Vacuum };
  Kind kind = Kind::Put;
  std::string name = {};
  std::string text = {};  ///< the value, the description, or the version to go back to
};

/// What the store must hold. The child and the parent draw the same steps from it, so that the child has to say only
/// how many it has done.
class Model {
 public:
  Step draw(Random& random) const;
  void apply(const Step& step);
  Seen seen() const;

 private:
  struct Version {
    std::string value;
    bool deleted = false;
  };
  struct Secret {
    std::map<std::uint32_t, Version> versions = {};
    std::string description = {};
    bool removed() const { return versions.rbegin()->second.deleted; }
    void set_removed(bool removed) {
      for (auto& [number, version] : versions) version.deleted = removed;
    }
    void append(std::string value) {
      const std::uint32_t number = versions.empty() ? 1 : versions.rbegin()->first + 1;
      versions[number] = {.value = std::move(value)};
      if (versions.size() > history) versions.erase(versions.begin());
    }
  };
  static Step::Kind draw_change(Random& random, const Secret& secret);

  std::map<std::string, Secret> secrets_;
};

Step Model::draw(Random& random) const {
  using Kind = Step::Kind;
  Step step{.name = "n/" + std::to_string(pick(random, names)), .text = std::to_string(random())};
  const std::size_t what = pick(random, 100);
  if (what < 5) return {.kind = Kind::Rekey};
  if (what < 8) return {.kind = Kind::Rotate};
  if (what < 10) return {.kind = Kind::Vacuum};
  const auto there = secrets_.find(step.name);
  if (there != secrets_.end() && what < 50) step.kind = draw_change(random, there->second);
  if (step.kind == Kind::Put) step.text.append(pick(random, pick(random, 8) == 0 ? 20000 : 200), 'x');
  if (step.kind == Kind::Rollback) step.text = std::to_string(there->second.versions.rbegin()->first);
  return step;
}

Step::Kind Model::draw_change(Random& random, const Secret& secret) {
  using Kind = Step::Kind;
  constexpr std::array any{Kind::Remove, Kind::Purge, Kind::Rollback, Kind::Annotate};
  return secret.removed() ? Kind::Undelete : any[pick(random, any.size())];
}

void Model::apply(const Step& step) {
  using Kind = Step::Kind;
  switch (step.kind) {
    case Kind::Put: return secrets_[step.name].append(step.text);
    case Kind::Rollback: {
      Secret& secret = secrets_[step.name];
      return secret.append(secret.versions.rbegin()->second.value);
    }
    case Kind::Remove: return secrets_[step.name].set_removed(true);
    case Kind::Undelete: return secrets_[step.name].set_removed(false);
    case Kind::Purge: secrets_.erase(step.name); return;
    case Kind::Annotate: secrets_[step.name].description = step.text; return;
    case Kind::Rekey:
    case Kind::Rotate:
    case Kind::Vacuum: return;
  }
}

Seen Model::seen() const {
  Seen seen;
  for (const auto& [name, secret] : secrets_) {
    auto& one = seen[name];
    for (const auto& [number, version] : secret.versions) {
      one[std::to_string(number)] = version.deleted ? "deleted" : version.value;
      if (!version.deleted) one["description"] = secret.description;
    }
  }
  return seen;
}

local::Options how_to_open(const Folder& folder) {
  auto how = options(folder);
  how.history = history;
  return how;
}

/// Does what the model draws, for ever. It says "+" after each call that has returned, or "!" and why one failed.
class Worker {
 public:
  Worker(const Folder& folder, int pipe) : folder_(folder), pipe_(pipe) {}

  [[noreturn]] void run(Model model, Random random) {
    auto failed = open();
    while (failed) {
      const Step step = model.draw(random);
      failed = perform(step);
      if (!failed) break;
      model.apply(step);
      say("+");
    }
    say("!" + failed.error().to_string());
    ::_exit(1);
  }

 private:
  void say(const std::string& text) const {
    if (::write(pipe_, text.data(), text.size()) < 0) ::_exit(2);
  }
  Result<void> open() {
    auto store = local::open(how_to_open(folder_));
    if (!store) return std::move(store).error();
    store_ = std::move(*store);
    return {};
  }
  Result<void> perform(const Step& step) {
    using Kind = Step::Kind;
    switch (step.kind) {
      case Kind::Put: return void_of(store_->put(step.name, SecretData::bytes(step.text)));
      case Kind::Rollback: return void_of(store_->rollback(step.name, Version(step.text)));
      case Kind::Remove: return store_->remove(step.name);
      case Kind::Undelete: return store_->undelete(step.name);
      case Kind::Purge: return store_->purge(step.name);
      case Kind::Annotate: return store_->annotate(step.name, {.description = step.text});
      default: return administer(step.kind);
    }
  }
  Result<void> administer(Step::Kind kind) {
    auto admin = local::Admin::open(how_to_open(folder_));
    if (!admin) return std::move(admin).error();
    if (kind == Step::Kind::Rotate) return admin->rotate();
    if (kind == Step::Kind::Vacuum) return admin->vacuum();
    if (auto done = admin->rekey(options(folder_).key); !done) return done;
    return open();
  }
  static Result<void> void_of(Result<Version> result) { return result ? Result<void>() : std::move(result).error(); }

  const Folder& folder_;
  int pipe_;
  Store store_;
};

/// The worker in a process of its own, from the outside.
class Victim {
 public:
  Victim(const Folder& folder, const Model& model, const Random& random) {
    REQUIRE(::pipe(ends_.data()) == 0);
    // No store is open here: what SQLite knows of a file's locks must not be inherited.
    child_ = ::fork();
    REQUIRE(child_ >= 0);
    if (child_ != 0) {
      ::close(ends_[1]);
      return;
    }
    ::close(ends_[0]);
    ::alarm(60);
    Worker(folder, ends_[1]).run(model, random);
  }
  ~Victim() { ::close(ends_[0]); }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  /// Returns when so many calls are acknowledged, or when the worker has ended by itself.
  void wait_for(std::size_t acknowledged) {
    while (said_.size() < acknowledged && hear()) {
    }
  }
  void kill() {
    ::kill(child_, SIGKILL);
    while (hear()) {
    }
    status_ = locket_test::status_of(child_);
  }
  /// What went wrong in it before it was killed.
  std::string trouble() const {
    if (said_.find('!') != std::string::npos) return said_.substr(said_.find('!'));
    return WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL ? "" : "it ended with " + std::to_string(status_);
  }
  std::size_t acknowledged() const { return said_.size(); }

 private:
  bool hear() {
    std::array<char, 512> buffer{};
    const ssize_t n = ::read(ends_[0], buffer.data(), buffer.size());
    if (n > 0) said_.append(buffer.data(), static_cast<std::size_t>(n));
    return n > 0;
  }

  std::array<int, 2> ends_{};
  ::pid_t child_ = -1;
  std::string said_;
  int status_ = 0;
};

/// One store that is written to and killed, again and again.
class Campaign {
 public:
  /// Counts in `unacknowledged` the writes that were done and whose call had not returned.
  explicit Campaign(std::size_t& unacknowledged) : unacknowledged_(unacknowledged) {
    must(local::create(how_to_open(folder_))).reset();
  }

  /// Returns how many writes were acknowledged.
  std::size_t cycle(Random& random) {
    const Random steps(random());
    Victim victim(folder_, model_, steps);
    victim.wait_for(pick(random, 6));
    // In the middle of something, and not at the moment of an acknowledgement.
    std::this_thread::sleep_for(std::chrono::microseconds(pick(random, 1500)));
    victim.kill();
    if (!victim.trouble().empty()) FAIL(victim.trouble());
    check(steps, victim.acknowledged());
    return victim.acknowledged();
  }

 private:
  void check(Random steps, std::size_t acknowledged) {
    for (std::size_t i = 0; i < acknowledged; ++i) model_.apply(model_.draw(steps));
    Model further = model_;
    further.apply(model_.draw(steps));
    const Seen seen = must(faults::see(*must(local::open(how_to_open(folder_)))));
    if (seen != model_.seen()) {
      INFO("neither what was acknowledged nor that and the write that was under way");
      REQUIRE(seen == further.seen());
      model_ = std::move(further);
      ++unacknowledged_;
    }
    if (const std::string damage = faults::damage_of(how_to_open(folder_)); !damage.empty()) FAIL(damage);
  }

  Folder folder_;
  Model model_;
  std::size_t& unacknowledged_;
};

}  // namespace

TEST_CASE("a process that is killed loses no acknowledged write and leaves none torn") {
  const std::uint64_t cycles = faults::number_from("LOCKET_FAULT_CYCLES", 1000);
  const std::uint64_t seed = faults::seed_for("kill cycles");
  const faults::Tally tally;
  faults::work_in_memory();
  Random random(seed);
  std::size_t writes = 0;
  std::size_t unacknowledged = 0;
  std::optional<Campaign> campaign;
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    INFO("seed " << seed << ", cycle " << cycle);
    if (cycle % cycles_of_a_store == 0) campaign.emplace(unacknowledged);
    writes += campaign->cycle(random);
  }
  CHECK(writes > cycles);
  tally.print(std::to_string(cycles) + " processes killed, " + std::to_string(writes) +
              " writes acknowledged, 0 lost; " + std::to_string(unacknowledged) +
              " were done and not acknowledged yet");
}
