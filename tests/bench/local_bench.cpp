// The local store's speed beside its limits, in files of one folder with one journal mode and one durability.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <locket/backends/local.hpp>
#include <locket/store.hpp>

#include "bare_sqlite.hpp"
#include "opening.hpp"
#include "record.hpp"
#include "transaction.hpp"

using namespace locket;

namespace {

// Who else uses processors and disk slows some milliseconds down, or some seconds: so each benchmark has many short
// turns between those of the others, and their median is told.
constexpr int turns = 51;

constexpr int few = 100;
constexpr int many = 100'000;
constexpr int history = 10;
const std::string value(256, 'v');

template <class T>
T must(Result<T> result) {
  if (result) return std::move(result).value();
  std::cerr << result.error().message() << '\n';
  std::abort();
}
void must(const Result<void>& result) {
  if (result) return;
  std::cerr << result.error().message() << '\n';
  std::abort();
}

// In /var/tmp, which is on a disk where /tmp may be memory: there, every write would look durable for nothing.
class Folder {
 public:
  Folder() {
    std::string name = "/var/tmp/locket-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string file(const std::string& name) {
  static const Folder folder;
  return folder.file(name);
}

// The i-th of `count` names, in an order that is not theirs.
Name name_of(int i, int count = many) {
  const auto place = static_cast<std::int64_t>(i) * 76'543 % count;
  return must(Name::parse("team/service-" + std::to_string(place) + "/password"));
}

const std::vector<Name>& names(int count) {
  static std::map<int, std::vector<Name>> made;
  std::vector<Name>& found = made[count];
  for (int i = static_cast<int>(found.size()); i < count; ++i) found.push_back(name_of(i, count));
  return found;
}

local::Options options_of(const std::string& path) {
  return {.path = path, .key = local::KeyFile{path + ".key"}, .create_if_missing = true, .history = history};
}

// What `count` puts would leave behind, in one transaction: each by itself would take minutes.
void fill(const std::string& path, int count) {
  must(local::open(options_of(path)));
  local::Options options = options_of(path);
  const local::Opened opened = must(local::open_session(options));
  local::Transaction transaction(opened.session->connection, opened.session->statements);
  must(transaction.begin());
  for (const Name& name : names(count)) {
    must(transaction.item(name));
    const std::string box = must(transaction.seal_value(SecretData::bytes(value), 1));
    local::Item item{.current = 1, .last_version = 1};
    item.versions.push_back({.number = 1, .value_tag = local::tag_of(local::bytes_of(box))});
    item.metadata.created = item.metadata.updated = options.settings.clock->now();
    must(transaction.save(item, local::bytes_of(box)));
  }
  must(transaction.commit());
}

const std::string& filled_file(int count) {
  static std::map<int, std::string> made;
  std::string& path = made[count];
  if (path.empty()) fill(path = file("filled-" + std::to_string(count)), count);
  return path;
}

std::shared_ptr<SecretStore> open_filled(int count) {
  return must(local::open(options_of(filled_file(count))));
}

void fill_bare(const std::string& path, int count) {
  bare::Connection(path).execute(bare::Table::schema);
  bare::Table table(path);
  table.connection().execute("BEGIN");
  for (const Name& name : names(count)) table.insert(name.text(), value);
  table.connection().execute("COMMIT");
}

const std::string& bare_file(int count) {
  static std::map<int, std::string> made;
  std::string& path = made[count];
  if (path.empty()) fill_bare(path = file("bare-" + std::to_string(count)), count);
  return path;
}

std::vector<SecretInfo> list_all(SecretStore& store) {
  return must(store.list(Prefix(), {.limit = 1000})).items;
}

// Reading.

// Whose buckets are all proven.
SecretStore& proven_store(int count) {
  static std::map<int, std::shared_ptr<SecretStore>> made;
  std::shared_ptr<SecretStore>& store = made[count];
  if (!store) list_all(*(store = open_filled(count)));
  return *store;
}

bare::Table& table_to_read(int count) {
  static std::map<int, bare::Table> made;
  bare::Table& table = made.try_emplace(count, bare_file(count)).first->second;
  table.connection().execute("PRAGMA cache_size=-8000");  // as much memory as the store takes
  return table;
}

void local_get(benchmark::State& state) {
  const int count = static_cast<int>(state.range());
  SecretStore& store = proven_store(count);
  const auto& wanted = names(count);
  static std::size_t i = 0;
  for (int warm = 0; warm < few; ++warm) must(store.get(wanted[i++ % wanted.size()]));
  for (auto _ : state) benchmark::DoNotOptimize(must(store.get(wanted[i++ % wanted.size()])));
}
BENCHMARK(local_get)->Arg(few)->Arg(many)->Iterations(100)->Repetitions(turns);

void bare_get(benchmark::State& state) {
  const int count = static_cast<int>(state.range());
  bare::Table& table = table_to_read(count);
  const auto& wanted = names(count);
  static std::size_t i = 0;
  for (int warm = 0; warm < few; ++warm) table.get(wanted[i++ % wanted.size()].text());
  for (auto _ : state) benchmark::DoNotOptimize(table.get(wanted[i++ % wanted.size()].text()));
}
BENCHMARK(bare_get)->Arg(few)->Arg(many)->Iterations(100)->Repetitions(turns);

// A connection that has just been opened: none of the bucket's rows is in its cache.
void local_first_read(benchmark::State& state) {
  const auto& wanted = names(many);
  static std::size_t i = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto store = open_filled(many);
    state.ResumeTiming();
    benchmark::DoNotOptimize(must(store->get(wanted[i++])));
    state.PauseTiming();
    store.reset();
    state.ResumeTiming();
  }
}
BENCHMARK(local_first_read)->Iterations(1)->Repetitions(turns);

void local_list(benchmark::State& state) {
  SecretStore& store = proven_store(many);
  for (auto _ : state) benchmark::DoNotOptimize(list_all(store));
}
BENCHMARK(local_list)->Iterations(1)->Repetitions(turns);

void local_first_list(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    auto store = open_filled(many);
    state.ResumeTiming();
    benchmark::DoNotOptimize(list_all(*store));
    state.PauseTiming();
    store.reset();
    state.ResumeTiming();
  }
}
BENCHMARK(local_first_list)->Iterations(1)->Repetitions(9);

// Opening. Programs do it once, when the processor's caches hold something else: so there is one in a turn. Opening
// again and again is told besides.

void local_open(benchmark::State& state) {
  const Name name = name_of(0, few);
  filled_file(few);
  for (auto _ : state) {
    const auto store = open_filled(few);
    benchmark::DoNotOptimize(must(store->get(name)));
  }
}
BENCHMARK(local_open)->Iterations(1)->Repetitions(turns);
BENCHMARK(local_open)->Name("local_reopen")->Iterations(5)->Repetitions(turns);

void open_bare(benchmark::State& state, const std::string& path) {
  const Name name = name_of(0, few);
  for (auto _ : state) {
    bare::Connection connection(path);
    connection.be_durable();
    bare::Statement select(connection.get(), "SELECT val FROM item WHERE name=?1");
    select.bind_text(1, name.text());
    select.step(SQLITE_ROW);
    benchmark::DoNotOptimize(select.blob());
  }
}

void bare_open(benchmark::State& state) {
  open_bare(state, bare_file(few));
}
BENCHMARK(bare_open)->Iterations(1)->Repetitions(turns);
BENCHMARK(bare_open)->Name("bare_reopen")->Iterations(5)->Repetitions(turns);

// The store's own file, with all of its tables.
void bare_open_store(benchmark::State& state) {
  open_bare(state, filled_file(few));
}
BENCHMARK(bare_open_store)->Iterations(1)->Repetitions(turns);

// Writing. Durable, in a rollback journal, with what is deleted overwritten.

constexpr int rewritten = 10;

std::string new_name(int i) {
  return "new/secret-" + std::to_string(i);
}

// What is rewritten has its full history, so that each put drops a version, too.
SecretStore& store_to_write() {
  static const auto store = [] {
    auto opened = must(local::open(options_of(file("written"))));
    for (int version = 0; version < history; ++version) {
      for (const Name& name : names(rewritten)) must(opened->put(name, SecretData::bytes(value)));
    }
    return opened;
  }();
  return *store;
}

bare::Table& table_to_write() {
  static bare::Table table(bare_file(rewritten));
  table.connection().be_durable();
  return table;
}

void local_put_new(benchmark::State& state) {
  static int next = 0;
  SecretStore& store = store_to_write();
  for (auto _ : state) must(store.put(new_name(next++), SecretData::bytes(value)));
}
BENCHMARK(local_put_new)->Iterations(2)->Repetitions(turns);

void bare_insert(benchmark::State& state) {
  static int next = 0;
  bare::Table& table = table_to_write();
  for (auto _ : state) table.insert(new_name(next++), value);
}
BENCHMARK(bare_insert)->Iterations(2)->Repetitions(turns);

void local_put_again(benchmark::State& state) {
  SecretStore& store = store_to_write();
  const auto& wanted = names(rewritten);
  static std::size_t i = 0;
  for (auto _ : state) must(store.put(wanted[i++ % wanted.size()], SecretData::bytes(value)));
}
BENCHMARK(local_put_again)->Iterations(2)->Repetitions(turns);

void bare_update(benchmark::State& state) {
  bare::Table& table = table_to_write();
  const auto& wanted = names(rewritten);
  static std::size_t i = 0;
  for (auto _ : state) table.update(wanted[i++ % wanted.size()].text(), value);
}
BENCHMARK(bare_update)->Iterations(2)->Repetitions(turns);

}  // namespace

// With a single thread ever started, libstdc++ counts references without atomics, and every row would look too good.
int main(int argc, char** argv) {
  std::thread([] {}).join();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
