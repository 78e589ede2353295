// Vault over TLS beside libcurl alone and Python's hvac: the same requests to the same OpenBao, with Toxiproxy between
// where there is latency. libcurl has one allocator for a whole process, so its handles wipe here as locket's do, which
// takes them about a microsecond for each request. Beside tests/servers/with-openbao.sh and with-toxiproxy.sh.
#include <array>
#include <barrier>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <locket/backends/vault.hpp>

#include "bare_curl.hpp"
#include "conformance/vault_fixture.hpp"
#include "live/vault/bad_way.hpp"

using namespace locket;

namespace {

using conformance::OpenBao;
using locket_test::BadWay;

constexpr int secrets = 100;
constexpr std::size_t threads = 8;
constexpr int reads_each = 25;  // of a thread
const std::string mount = "bench-kv";

const bare::Server& server() {
  static const bare::Server server{.token = OpenBao::token(), .ca_file = OpenBao::ca()};
  return server;
}

std::string far_address() {
  static BadWay way;
  static const bool slow = [] {
    way.make("latency", R"("latency":5)");
    return true;
  }();
  static_cast<void>(slow);
  return way.address();
}

std::vector<std::string> urls(const std::string& address) {
  std::vector<std::string> urls;
  urls.reserve(secrets);
  for (int i = 0; i < secrets; ++i) urls.push_back(fmt::format("{}/v1/{}/data/app/n{}", address, mount, i));
  return urls;
}

std::vector<Name> names() {
  std::vector<Name> names;
  names.reserve(secrets);
  for (int i = 0; i < secrets; ++i) names.push_back(Name::parse(fmt::format("app/n{}", i)).value());
  return names;
}

std::shared_ptr<SecretStore> open(const std::string& address) {
  vault::Options options{.address = address,
                         .mount = mount,
                         .name_space = "",
                         .login = conformance::with_token(OpenBao::token()),
                         .is_kv2 = true};
  options.connection.ca_file = OpenBao::ca();
  auto store = vault::open(options).value();
  if (!store->get("app/n0")) std::abort();  // the token is known from now on
  return store;
}

void read(SecretStore& store, const Name& name) {
  const auto secret = store.get(name);
  if (!secret || secret->value().expose().size() != 32) std::abort();
}

void bare_read(benchmark::State& state) {
  bare::Handle handle(server());
  const auto all = urls(OpenBao::address());
  handle.read(all[0]);
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(handle.read(all[i++ % secrets]));
}
// Long enough to see through what the server does beside answering.
BENCHMARK(bare_read)->MinTime(0.3);

void vault_read(benchmark::State& state) {
  const auto store = open(OpenBao::address());
  const auto all = names();
  std::size_t i = 0;
  for (auto _ : state) read(*store, all[i++ % secrets]);
}
BENCHMARK(vault_read)->MinTime(0.3);

/// Threads that all do their work once for each round.
class Crew {
 public:
  explicit Crew(const std::function<void(std::size_t)>& work) {
    members_.reserve(threads);
    for (std::size_t id = 0; id < threads; ++id) {
      members_.emplace_back([this, work, id](const std::stop_token& stop) {
        for (;;) {
          begin_.arrive_and_wait();
          if (stop.stop_requested()) return;
          work(id);
          end_.arrive_and_wait();
        }
      });
    }
  }
  ~Crew() {
    for (auto& member : members_) member.request_stop();
    begin_.arrive_and_wait();
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void round() {
    begin_.arrive_and_wait();
    end_.arrive_and_wait();
  }

 private:
  std::barrier<> begin_{threads + 1};
  std::barrier<> end_{threads + 1};
  std::vector<std::jthread> members_;
};

void bare_8_threads(benchmark::State& state) {
  std::vector<std::unique_ptr<bare::Handle>> handles;
  handles.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) handles.push_back(std::make_unique<bare::Handle>(server()));
  const auto all = urls(OpenBao::address());
  Crew crew([&](std::size_t id) {
    for (int i = 0; i < reads_each; ++i)
      handles[id]->read(all[(id * reads_each + static_cast<std::size_t>(i)) % secrets]);
  });
  crew.round();
  for (auto _ : state) crew.round();
}
BENCHMARK(bare_8_threads)->Iterations(3);

void vault_8_threads(benchmark::State& state) {
  const auto store = open(OpenBao::address());
  const auto all = names();
  Crew crew([&](std::size_t id) {
    for (int i = 0; i < reads_each; ++i) read(*store, all[(id * reads_each + static_cast<std::size_t>(i)) % secrets]);
  });
  crew.round();
  for (auto _ : state) crew.round();
}
BENCHMARK(vault_8_threads)->Iterations(3);

void read_bare_many(benchmark::State& state, const std::string& address) {
  bare::Many many(server());
  const auto all = urls(address);
  many.read(all);
  for (auto _ : state) many.read(all);
}

void read_vault_many(benchmark::State& state, const std::string& address) {
  const auto store = open(address);
  const auto all = names();
  std::vector<GetRequest> requests;
  requests.reserve(secrets);
  for (const Name& name : all) requests.push_back({.name = name});
  const auto read_all = [&] {
    for (const auto& secret : store->get_many(requests)) {
      if (!secret) std::abort();
    }
  };
  read_all();
  for (auto _ : state) read_all();
}

void bare_many(benchmark::State& state) {
  read_bare_many(state, OpenBao::address());
}
BENCHMARK(bare_many)->Iterations(3);
void vault_many(benchmark::State& state) {
  read_vault_many(state, OpenBao::address());
}
BENCHMARK(vault_many)->Iterations(3);
void bare_many_5ms(benchmark::State& state) {
  read_bare_many(state, far_address());
}
BENCHMARK(bare_many_5ms)->Iterations(2);
void vault_many_5ms(benchmark::State& state) {
  read_vault_many(state, far_address());
}
BENCHMARK(vault_many_5ms)->Iterations(2);

void vault_each_5ms(benchmark::State& state) {
  const auto store = open(far_address());
  const auto all = names();
  for (auto _ : state) {
    for (const Name& name : all) read(*store, name);
  }
}
BENCHMARK(vault_each_5ms)->Iterations(1);

/// hvac in a process of its own, which reads when it is told to.
class Hvac {
 public:
  Hvac() {
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    if (::pipe2(to.data(), O_CLOEXEC) != 0 || ::pipe2(from.data(), O_CLOEXEC) != 0) std::abort();
    if (::fork() == 0) {
      ::dup2(to[0], STDIN_FILENO);
      ::dup2(from[1], STDOUT_FILENO);
      ::execl(LOCKET_HVAC, LOCKET_HVAC, mount.c_str(), static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::close(to[0]);
    ::close(from[1]);
    to_ = ::fdopen(to[1], "w");
    from_ = ::fdopen(from[0], "r");
  }
  ~Hvac() {
    std::fclose(to_);
    std::fclose(from_);
  }
  Hvac(const Hvac&) = delete;
  Hvac& operator=(const Hvac&) = delete;

  /// A line of its; empty when it has ended.
  std::string hear() {
    std::array<char, 512> line{};
    if (std::fgets(line.data(), line.size(), from_) == nullptr) return {};
    std::string text(line.data());
    return text.substr(0, text.find('\n'));
  }
  void read(benchmark::IterationCount count) {
    fmt::print(to_, "{}\n", count);
    std::fflush(to_);
    if (hear() != "done") std::abort();
  }

 private:
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
};

void read_with(Hvac& hvac, benchmark::State& state) {
  constexpr benchmark::IterationCount batch = 10;
  hvac.read(1);
  while (state.KeepRunningBatch(batch)) hvac.read(batch);
}

void prepare() {
  auto& bao = conformance::openbao();
  bao.mount_kv(mount);
  for (int i = 0; i < secrets; ++i) {
    bao.ask(http::Method::Post, fmt::format("{}/data/app/n{}", mount, i),
            R"({"data":{"value":"0123456789abcdef0123456789abcdef"}})");
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (std::getenv("LOCKET_TOXIPROXY") == nullptr || !OpenBao::missing().empty()) {
    fmt::print(stderr, "vault-bench runs beside tests/servers/with-openbao.sh and with-toxiproxy.sh\n");
    return 2;
  }
  prepare();
  Hvac hvac;
  if (const std::string said = hvac.hear(); said == "ready") {
    benchmark::RegisterBenchmark("hvac_read", [&](benchmark::State& state) {
      read_with(hvac, state);
    })->Iterations(100);
  } else {
    fmt::print(stderr, "skipped: hvac as a peer, because {}\n", said);
  }
  benchmark::RunSpecifiedBenchmarks();
}
