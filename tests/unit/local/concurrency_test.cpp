#include <atomic>
#include <filesystem>
#include <thread>

#include "local_test.hpp"

using namespace local_test;
using namespace std::chrono_literals;

namespace {

// Another process's write lock, for as long as this lives.
class Locked {
 public:
  explicit Locked(const std::string& path) : raw_(path) { raw_.run("BEGIN EXCLUSIVE"); }

 private:
  Raw raw_;
};

}  // namespace

TEST_CASE("a lock that does not go away ends in a typed timeout") {
  Folder folder;
  auto how = options(folder);
  how.busy_timeout = 30ms;
  const Store store = must(local::create(std::move(how)));
  put(store, "a", "1");
  {
    const Locked lock(folder.file("store.db"));
    const auto read = store->get("a");
    CHECK(reason(read) == "local.busy");
    CHECK(read.error().code() == ErrorCode::Timeout);
    CHECK(read.error().retryable());
    CHECK(has_hint(read));
    const auto written = store->put("a", SecretData::bytes("2"));
    CHECK(reason(written) == "local.busy");
    CHECK(written.error().effect() == Effect::None);
  }
  CHECK(get(store, "a") == "1");
}

TEST_CASE("a call's deadline and stop token end the waiting earlier") {
  Folder folder;
  auto how = options(folder);
  how.busy_timeout = 1h;
  const Store store = must(local::create(std::move(how)));
  const Locked lock(folder.file("store.db"));
  const Call late{.deadline = system_clock()->steady() + 20ms};
  CHECK(store->get("a", {}, late).error().code() == ErrorCode::Timeout);
  CHECK(store->put("a", SecretData::bytes("1"), {}, late).error().code() == ErrorCode::Timeout);
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  CHECK(store->get("a", {}, {.stop = stop.get_token()}).error().code() == ErrorCode::Cancelled);
}

TEST_CASE("opening a store again in one process leaves another handle's lock alone") {
  Folder folder;
  created(folder).reset();
  Raw holder(folder.file("store.db"));
  holder.run("BEGIN IMMEDIATE");
  // All that open does, with the right key and without, in this process.
  opened(folder).reset();
  write_all(folder.file("wrong"), "locket-key-1:no");
  auto how = options(folder);
  how.key = local::KeyFile{.path = folder.file("wrong")};
  CHECK_FALSE(local::open(std::move(how)).ok());
  const int status = in_child([&] {
    // Another process must still find it locked.
    SQLite::Database other(folder.file("store.db"), SQLite::OPEN_READWRITE);
    return other.tryExec("BEGIN IMMEDIATE") == SQLite::OK ? 1 : 0;
  });
  CHECK(status == 0);
}

TEST_CASE("a forked child gives up its store and leaves the parent's locks alone") {
  Folder folder;
  Store store = created(folder);
  put(store, "a", "1");
  auto admin = must(local::Admin::open(options(folder)));
  Raw holder(folder.file("store.db"));
  holder.run("BEGIN IMMEDIATE");
  const int status = in_child([&] {
    if (get(store, "a") != "store.forked" || admin.verify().ok()) return 1;
    store.reset();
    auto gone = std::move(admin);
    return 0;
  });
  CHECK(status == 0);
  const int other = in_child([&] {
    SQLite::Database database(folder.file("store.db"), SQLite::OPEN_READWRITE);
    return database.tryExec("BEGIN IMMEDIATE") == SQLite::OK ? 1 : 0;
  });
  CHECK(other == 0);
  holder.run("ROLLBACK");
  CHECK(get(store, "a") == "1");
}

TEST_CASE("a child opens the store anew while the parent has it open") {
  Folder folder;
  const Store store = created(folder);
  put(store, "a", "1");
  const int status = in_child([&] {
    const auto mine = local::open(options(folder));
    return mine && get(*mine, "a") == "1" && (*mine)->put("a", SecretData::bytes("2")).ok() ? 0 : 1;
  });
  CHECK(status == 0);
  CHECK(get(store, "a") == "2");
}

TEST_CASE("many threads read while others write, and nobody sees half a write") {
  Folder folder;
  const Store store = created(folder);
  put(store, "counter", "0");
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 15; ++i) {
          if (!store->put("own/" + std::to_string(t), SecretData::bytes(std::to_string(i)))) ++wrong;
        }
      });
    }
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i) {
          if (get(store, "counter") != "0") ++wrong;
          if (i % 10 == 0 && !store->list("own")) ++wrong;
        }
      });
    }
  }
  CHECK(wrong == 0);
  for (int t = 0; t < 3; ++t) CHECK(get(store, "own/" + std::to_string(t)) == "14");
}

namespace {

// At the given draw another process has come as far as the key file, and its store is still to come.
class KeyAppears final : public RandomSource {
 public:
  KeyAppears(const Folder& from, const Folder& to, int draw) : from_(from), to_(to), left_(draw) {}

  Result<void> fill(std::span<std::byte> out) override {
    if (left_-- == 0 && !std::filesystem::exists(to_.file("store.db.key"))) {
      std::filesystem::copy_file(from_.file("store.db.key"), to_.file("store.db.key"));
    }
    return system_random()->fill(out);
  }

 private:
  const Folder& from_;
  const Folder& to_;
  int left_;
};

}  // namespace

TEST_CASE("of two who create a store at once, the second uses the first one's key") {
  Folder other;
  created(other).reset();
  for (int draw = 0; draw < 12; ++draw) {
    Folder folder;
    auto how = options(folder);
    how.create_if_missing = true;
    how.random = std::make_shared<KeyAppears>(other, folder, draw);
    auto store = local::open(std::move(how));
    CAPTURE(draw, reason(store));
    REQUIRE(store.ok());
    put(*store, "a", "1");
    CHECK(get(opened(folder), "a") == "1");
  }
}

TEST_CASE("two processes count together without losing a step") {
  Folder folder;
  put(created(folder), "counter", "0");
  constexpr int steps = 25;
  const auto count = [&] {
    const auto store = local::open(options(folder));
    if (!store) return 1;
    for (int done = 0; done < steps;) {
      const auto now = (*store)->get("counter");
      if (!now) return 2;
      const int next = std::stoi(std::string(now->value().expose())) + 1;
      const auto written =
          (*store)->put("counter", SecretData::bytes(std::to_string(next)), {.condition = *now->version()});
      if (written) {
        ++done;
      } else if (written.error().code() != ErrorCode::Conflict) {
        return 3;
      }
    }
    return 0;
  };
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    ::_exit(count());
  }
  CHECK(count() == 0);
  CHECK(locket_test::status_of(child) == 0);
  CHECK(get(opened(folder), "counter") == std::to_string(2 * steps));
}
