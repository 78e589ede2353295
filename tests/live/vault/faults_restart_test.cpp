// The server is killed and started again while eight threads read and write: everything that was acknowledged is there
// afterwards, and nothing twice. Longer: LOCKET_FAULT_CYCLES.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "faults_server.hpp"

namespace {

using namespace locket;
using namespace std::chrono_literals;
using conformance::OpenBao;
using locket_test::DurableOpenBao;

constexpr int writes_each = 50;  // of one secret, before its thread goes on with another
const std::string filling(200, 'x');

std::string value_of(int number) {
  return fmt::format("{} {}", number, filling);
}
/// The number in what value_of made; -1 for anything else, a part of it for example.
int number_in(const Result<Secret>& secret) {
  if (!secret) return -1;
  const std::string text(secret->value().expose());
  int number = -1;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return text == value_of(number) ? number : -1;
}

/// One secret that one thread writes and reads.
struct Written {
  std::string name;
  std::vector<Effect> said = {};  // of each write, by number
  std::map<int, std::string> versions = {};
  int acknowledged = -1;
};

/// What must not happen, and what did. Thread-safe.
class Findings {
 public:
  void bad(std::string what) {
    const std::lock_guard lock(mutex_);
    if (bad_.size() < 20) bad_.push_back(std::move(what));
  }
  void failed(const Error& error) {
    const std::lock_guard lock(mutex_);
    ++kinds_[fmt::format("{} {} {} {}", error.operation(), to_string(error.code()), error.reason(),
                         to_string(error.effect()))];
  }
  const std::vector<std::string>& bad() const { return bad_; }
  std::string kinds() const {
    std::string text;
    for (const auto& [kind, count] : kinds_) text += fmt::format("{} × {}\n", count, kind);
    return text;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> bad_;
  std::map<std::string, int> kinds_;
};

/// A thread's work, until it is told to stop.
class Worker {
 public:
  Worker(SecretStore& store, int id, Findings& findings) : store_(store), id_(id), findings_(findings) {}

  void run(const std::atomic<bool>& stop) {
    while (!stop) {
      if (secrets_.empty() || secrets_.back().said.size() == writes_each) {
        secrets_.push_back({.name = fmt::format("load/t{}/n{}", id_, secrets_.size())});
      }
      write(secrets_.back());
      for (int i = 0; i < 3 && !stop; ++i) read(secrets_.back());
    }
  }
  const std::vector<Written>& secrets() const { return secrets_; }
  int reads() const { return reads_; }

 private:
  void write(Written& secret) {
    const int number = static_cast<int>(secret.said.size());
    const auto version = store_.put(secret.name, SecretData::bytes(value_of(number)));
    if (version) {
      secret.said.push_back(Effect::Applied);
      secret.versions[number] = version->text();
      secret.acknowledged = number;
      return;
    }
    secret.said.push_back(version.error().effect());
    failed(version.error());
  }
  void read(const Written& secret) {
    const auto got = store_.get(secret.name);
    ++reads_;
    if (!got && got.error().code() == ErrorCode::NotFound && secret.acknowledged < 0) return;
    if (!got) return failed(got.error());
    const int number = number_in(got);
    const int last = static_cast<int>(secret.said.size()) - 1;
    if (number < secret.acknowledged || number > last) {
      findings_.bad(fmt::format("{} is {}, and {} to {} were written", secret.name, number, secret.acknowledged, last));
    }
  }
  // An outage is an outage, and not a word about the secret or the token.
  void failed(const Error& error) {
    using enum ErrorCode;
    findings_.failed(error);
    const bool outage = error.code() == Network || error.code() == Timeout || error.code() == Unavailable;
    const bool fits = error.operation() == "put" ? error.effect() != Effect::Applied : error.effect() == Effect::None;
    if (!outage || !fits || !error.retryable()) findings_.bad(error.operation() + ": " + error.to_string());
    if (error.to_string().find("xxx") != std::string::npos) findings_.bad("an error tells a value");
    std::this_thread::sleep_for(2ms);  // as who has other things to do, while nobody answers
  }

  SecretStore& store_;
  int id_;
  Findings& findings_;
  std::vector<Written> secrets_;
  int reads_ = 0;
};

std::size_t descriptors() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  REQUIRE(file >> all >> resident);
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// That the server has what was said about each write, under the number that was said.
void check_against(SecretStore& store, const Written& secret) {
  std::map<int, int> times;
  std::uint64_t next = 1;
  for (;; ++next) {
    const std::string version = std::to_string(next);
    const auto got = store.get(secret.name, {.which = Version(version)});
    if (!got && got.error().code() == ErrorCode::NotFound) break;
    const int number = number_in(got);
    INFO(secret.name << " version " << version);
    REQUIRE(number >= 0);
    ++times[number];
    const auto acknowledged = secret.versions.find(number);
    if (acknowledged != secret.versions.end()) CHECK(acknowledged->second == version);
  }
  for (std::size_t i = 0; i < secret.said.size(); ++i) {
    const int count = times[static_cast<int>(i)];
    INFO(secret.name << " write " << i << ", of which was said: " << to_string(secret.said[i]));
    CHECK(count <= 1);
    if (secret.said[i] == Effect::Applied) CHECK(count == 1);
    if (secret.said[i] == Effect::None) CHECK(count == 0);
  }
}

vault::Options options_for(const DurableOpenBao& server) {
  vault::Options options{.address = server.address(),
                         .mount = "kv",
                         .name_space = "",
                         .login = conformance::with_token(server.token()),
                         .is_kv2 = true};
  options.connection.ca_file = OpenBao::ca();
  options.connection.connections = 8;
  options.connection.breaker.open_for = 100ms;
  return options;
}

/// Eight workers, as long as it lives.
class Load {
 public:
  Load(SecretStore& store, Findings& findings) {
    workers_.reserve(8);
    for (int id = 0; id < 8; ++id) workers_.emplace_back(store, id, findings);
    for (Worker& worker : workers_) threads_.emplace_back([&worker, this] { worker.run(stop_); });
  }
  ~Load() { end(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void end() {
    stop_ = true;
    threads_.clear();
  }
  const std::vector<Worker>& workers() const { return workers_; }

 private:
  std::vector<Worker> workers_;
  std::atomic<bool> stop_ = false;
  std::vector<std::jthread> threads_;
};

int cycles() {
  const char* set = std::getenv("LOCKET_FAULT_CYCLES");
  return set != nullptr ? std::max(2, std::stoi(set)) : 4;
}

}  // namespace

TEST_CASE("A server that is killed under load has what it acknowledged, once", "[faults]") {
  if (const std::string why = OpenBao::missing(); !why.empty()) SKIP("no OpenBao here: " << why);
  DurableOpenBao server;
  server.ask(http::Method::Post, "sys/mounts/kv", R"({"type":"kv","options":{"version":"2"}})");
  const auto options = options_for(server);
  auto store = vault::open(options).value();
  while (!store->put("load/ready", SecretData::bytes("yes"))) {
  }
  server.ask(http::Method::Post, "kv/config", R"({"max_versions":100})");
  const std::size_t descriptors_before = descriptors();

  Findings findings;
  Load load(*store, findings);
  std::size_t memory_at_first = 0;
  std::size_t most_descriptors = 0;
  for (int i = 0; i < cycles(); ++i) {
    std::this_thread::sleep_for(1500ms);  // what is measured is what happens in a time
    most_descriptors = std::max(most_descriptors, descriptors());
    server.kill();
    std::this_thread::sleep_for(300ms);
    server.start();
    if (i == 0) memory_at_first = resident_bytes();
  }
  std::this_thread::sleep_for(1s);
  const std::size_t memory_at_last = resident_bytes();
  load.end();

  INFO(findings.kinds());
  for (const std::string& bad : findings.bad()) FAIL_CHECK(bad);
  CHECK(!findings.kinds().empty());
  // Each of eight connections has two for being woken up; the listing of the folder itself is one, and the server's own
  // administrator has some.
  CHECK(most_descriptors <= descriptors_before + std::size_t{8} * 3 + 4);
  CHECK(memory_at_last < memory_at_first + (std::size_t{6} << 20U));
  int reads = 0;
  std::size_t writes = 0;
  for (const Worker& worker : load.workers()) {
    reads += worker.reads();
    for (const Written& secret : worker.secrets()) {
      writes += secret.said.size();
      check_against(*store, secret);
    }
  }
  CHECK(writes > 50);
  store.reset();
  CHECK(descriptors() <= descriptors_before);
  fmt::print("{} reads, {} writes, {} KiB more resident\n{}", reads, writes,
             (static_cast<std::ptrdiff_t>(memory_at_last) - static_cast<std::ptrdiff_t>(memory_at_first)) / 1024,
             findings.kinds());
}
