// Store files that were damaged or tampered with, in thousands of ways: whoever opens one and reads all of it gets a
// typed error, or exactly what was there.
#include "mutation.hpp"

#include <csignal>

#include <sys/mman.h>
#include <sys/resource.h>

#include "seen.hpp"
#include "unit/local/local_test.hpp"

using namespace local_test;

namespace {

using faults::Material;
using faults::Mutant;
using faults::Random;
using faults::Seen;

constexpr const char* canary = "canary-value";
constexpr const char* key_variable = "LOCKET_TEST_FAULTS_KEY";
constexpr std::chrono::seconds too_long{5};
constexpr int sqlite_constraint = 19;
constexpr long most_memory_kib = 256L * 1024;

local::Options how_to_open(const Folder& folder, bool anchored = false, const std::string& name = "store.db") {
  local::Options how;
  how.path = folder.file(name);
  how.key = local::KeyVariable{.name = key_variable};
  if (anchored) how.anchor = folder.file("anchor");
  return how;
}

std::string value(const char* text, std::size_t size = 20) {
  return std::string(canary) + text + std::string(size, 'x');
}

/// What SQLite leaves beside the file when a process dies in the middle of a large transaction.
Material::Hot interrupted(const Folder& folder, const std::string& file) {
  const std::string path = folder.file("hot.db");
  write_all(path, file);
  const int status = in_child([&] {
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    database.exec(
        "PRAGMA cache_size=1; PRAGMA cache_spill=1; BEGIN; UPDATE state SET box=zeroblob(9000);"
        "UPDATE item SET val=randomblob(3000), meta=randomblob(900); UPDATE old SET val=randomblob(3000);"
        "INSERT INTO old SELECT name, ver+50, randomblob(5000) FROM old;");
    ::_exit(0);  // without closing
    return 1;
  });
  REQUIRE(status == 0);
  Material::Hot hot{.file = read_all(path), .journal = read_all(path + "-journal")};
  fs::remove(path);
  fs::remove(path + "-journal");
  REQUIRE(hot.journal.size() > 4096);
  REQUIRE(hot.file != file);
  return hot;
}

Material make_material(const Folder& folder) {
  Material material{.names = {"a", "b", "db/password", "large", "removed"}};
  Store store = must(local::create(how_to_open(folder, true)));
  for (const std::string& name : material.names) put(store, name, value("first"));
  put(store, "large", value("large", 9000));
  put(store, "b", value("second"));
  put(store, "gone", value("purged"));
  material.older = read_all(folder.file("store.db"));
  must(store->purge("gone"));
  put(store, "a", value("second"));
  put(store, "db/password", value("second", 500));
  put(store, "large", value("larger", 12000));
  must(store->annotate("b", {.description = "later"}));
  must(store->remove("removed"));
  material.now = read_all(folder.file("store.db"));
  store.reset();
  const Store other = must(local::create(how_to_open(folder, false, "other.db")));
  for (const std::string& name : material.names) put(other, name, value("foreign"));
  for (const std::string& name : material.names) put(other, name, value("foreign again", 400));
  material.other = read_all(folder.file("other.db"));
  material.hot = interrupted(folder, material.now);
  material.older_journal = interrupted(folder, material.older).journal;
  material.other_journal = interrupted(folder, material.other).journal;
  write_all(folder.file("older"), material.older);
  write_all(folder.file("other"), material.other);
  return material;
}

/// What is wrong with an error as an answer to a mutation; empty when it may be one.
std::string trouble_with(const Error& error) {
  const auto wrong = [&](const char* what) { return std::string(what) + ": " + error.to_string() + "; "; };
  if (error.to_string().find(canary) != std::string::npos) return "an error with a value in it";
  if (error.hint().empty() || error.reason().empty()) return wrong("an error without reason or hint");
  switch (error.code()) {
    case ErrorCode::Integrity:
    case ErrorCode::InvalidArgument:  // not a store's file any more
    case ErrorCode::NotSupported:     // of a newer format, it says
    case ErrorCode::Unauthenticated:  // under another key
    case ErrorCode::Unavailable: return {};
    default: return wrong("an error of the wrong kind");
  }
}

/// Reads everything that there should be, and writes something.
class Reader {
 public:
  Reader(const Folder& folder, const Seen& expected) : folder_(folder), expected_(expected) {}

  std::string trouble(bool anchored, bool thoroughly) {
    trouble_.clear();
    refusals_ = 0;
    auto store = local::open(how_to_open(folder_, anchored));
    if (!store) {
      refused(store.error());
      return trouble_;
    }
    list(**store);
    for (const auto& [name, versions] : expected_) {
      for (const auto& [version, value] : versions) {
        if (version != "description") get(**store, name, version, value);
      }
    }
    absent(**store, "no/such");
    absent(**store, "gone");
    if (thoroughly) {
      verify(anchored);
      write(**store);
    }
    return trouble_;
  }

  /// Whether everything was answered that was asked last.
  bool whole() const { return refusals_ == 0; }

 private:
  void refused(const Error& error) {
    ++refusals_;
    trouble_ += trouble_with(error);
  }

  void list(SecretStore& store) {
    const auto list = store.list("", {.deleted = true});
    if (!list) return refused(list.error());
    std::vector<std::string> names;
    for (const SecretInfo& info : list->items) names.emplace_back(info.name.text());
    const bool same = std::ranges::equal(names, expected_, {}, {}, [](const auto& entry) { return entry.first; });
    if (!same) trouble_ += "another list; ";
  }

  void get(SecretStore& store, const std::string& name, const std::string& version, const std::string& expected) {
    const auto secret = store.get(name, {.which = Version(version)});
    if (secret) {
      if (secret->value().expose() != expected) trouble_ += "another value of " + name + "; ";
    } else if (expected != "deleted" || secret.error().code() != ErrorCode::Deleted) {
      refused(secret.error());
    }
  }

  void absent(SecretStore& store, const char* name) {
    const auto secret = store.get(name);
    if (secret)
      trouble_ += "a secret that is not there; ";
    else if (secret.error().code() != ErrorCode::NotFound)
      refused(secret.error());
  }

  void verify(bool anchored) {
    auto admin = local::Admin::open(how_to_open(folder_, anchored));
    if (!admin) return refused(admin.error());
    // What was replayed is authentic, so it is given out; but the report says that its bucket is wrong.
    bool replayed = false;
    const auto report = admin->verify([&](NameView name, const Secret& secret) {
      const auto found = expected_.find(std::string(name.text()));
      const bool known = found != expected_.end() && found->second.contains(secret.version()->text());
      if (!known || found->second.at(secret.version()->text()) != secret.value().expose()) replayed = true;
    });
    if (!report) return refused(report.error());
    if (!report->damage.empty()) ++refusals_;
    if (replayed && report->damage.empty()) trouble_ += "verify gave out another value, and no damage; ";
  }

  void write(SecretStore& store) {
    const auto written = store.put("b", SecretData::bytes("written"));
    if (!written) return refused(written.error());
    const auto secret = store.get("b");
    if (!secret) return refused(secret.error());
    if (secret->value().expose() != "written") trouble_ += "another value than was written; ";
  }

  const Folder& folder_;
  const Seen& expected_;
  std::string trouble_;
  int refusals_ = 0;
};

/// The mutations one after another, in a process of its own that may crash.
class Campaign {
 public:
  Campaign(const Folder& folder, std::uint64_t seed) : folder_(folder), seed_(seed), material_(make_material(folder)) {
    expected_ = must(faults::see(*must(local::open(how_to_open(folder_, true)))));
    anchor_ = read_all(folder_.file("anchor"));
    void* shared = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(shared != MAP_FAILED);
    shared_ = new (shared) Shared();
  }
  ~Campaign() { ::munmap(shared_, sizeof(Shared)); }
  Campaign(const Campaign&) = delete;
  Campaign& operator=(const Campaign&) = delete;

  /// From this mutation to before that one; returns how many answered with what was there, all of it.
  std::uint64_t run(std::uint64_t from, std::uint64_t to) {
    int crashes = 0;
    while (from < to && crashes < 3) {
      const int status = child(from, to);
      INFO("seed " << seed_ << ", mutation " << shared_->index << " (" << shared_->kind << ")");
      CHECK(std::string(shared_->trouble) == "");
      CHECK(status == 0);
      crashes += status != 0 || shared_->trouble[0] != '\0' ? 1 : 0;
      from = shared_->index + 1;
    }
    return shared_->whole;
  }

 private:
  struct Shared {
    std::uint64_t index;
    std::uint64_t whole;
    char kind[32];
    char trouble[400];
  };

  int child(std::uint64_t from, std::uint64_t to) {
    std::fflush(nullptr);
    shared_->trouble[0] = '\0';
    const ::pid_t child = ::fork();
    if (child == 0) {
      limit_memory();
      ::_exit(go_through(from, to));
    }
    return locket_test::status_of(child);
  }

  /// The parent's frames are not the child's to unwind.
  int go_through(std::uint64_t from, std::uint64_t to) noexcept {
    try {
      while (from < to && one(from)) ++from;
      return 0;
    } catch (const std::exception& e) {
      std::snprintf(shared_->trouble, sizeof shared_->trouble, "an exception: %s", e.what());
      return 1;
    }
  }

  /// An allocation that only the file's word asks for ends the process.
  static void limit_memory() {
    if (faults::under_sanitizer) return;  // they reserve terabytes
    const ::rlimit limit{.rlim_cur = 2UL << 30, .rlim_max = 2UL << 30};
    ::setrlimit(RLIMIT_AS, &limit);
  }

  bool one(std::uint64_t index) {
    shared_->index = index;
    ::alarm(60);
    Random random(seed_ * 1000003 + index);
    const Mutant mutant = faults::mutate(material_, random);
    std::snprintf(shared_->kind, sizeof shared_->kind, "%s", mutant.kind);
    lay_out(mutant);
    const auto began = std::chrono::steady_clock::now();
    Reader reader(folder_, expected_);
    std::string trouble = reader.trouble(mutant.needs_anchor || index % 4 == 0, index % 4 == 1);
    if (std::chrono::steady_clock::now() - began > too_long) trouble += "it took too long; ";
    if (!trouble.empty()) {
      for (const faults::Sql& sql : mutant.statements) trouble += "after " + sql.text + "; ";
    }
    std::snprintf(shared_->trouble, sizeof shared_->trouble, "%s", trouble.c_str());
    if (reader.whole()) ++shared_->whole;
    return trouble.empty();
  }

  void lay_out(const Mutant& mutant) {
    const std::string path = folder_.file("store.db");
    fs::remove(path + "-journal");
    write_all(folder_.file("anchor"), anchor_);
    write_all(path, mutant.file);
    if (!mutant.journal.empty()) write_all(path + "-journal", mutant.journal);
    if (mutant.statements.empty()) return;
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    database.exec("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; ATTACH '" + folder_.file("older") +
                  "' AS older; ATTACH '" + folder_.file("other") + "' AS other");
    for (const faults::Sql& sql : mutant.statements) run_if_possible(database, sql);
  }

  /// Two statements in a row may not fit each other.
  static void run_if_possible(SQLite::Database& database, const faults::Sql& sql) {
    try {
      SQLite::Statement statement(database, sql.text);
      int index = 0;
      for (const std::string& blob : sql.blobs) {
        statement.bind(++index, blob.data(), static_cast<int>(blob.size()));
      }
      statement.exec();
    } catch (const SQLite::Exception& refused) {
      if (refused.getErrorCode() != sqlite_constraint) throw;
    }
  }

  const Folder& folder_;
  std::uint64_t seed_;
  Material material_;
  Seen expected_;
  std::string anchor_;
  Shared* shared_ = nullptr;
};

}  // namespace

TEST_CASE("a damaged or tampered file gives a typed error or what was there") {
  const std::uint64_t mutations = faults::number_from("LOCKET_FAULT_MUTATIONS", 10000);
  const std::uint64_t seed = faults::seed_for("mutations");
  const std::uint64_t first = faults::number_from("LOCKET_FAULT_FIRST", 0);
  const faults::Tally tally;
  faults::work_in_memory();
  ::setenv(key_variable, std::string(64, '7').c_str(), 1);
  std::uint64_t whole = 0;
  {
    const Folder folder;
    Campaign campaign(folder, seed);
    whole = campaign.run(first, first + mutations);
  }
  // Else nothing was mutated, or nothing read.
  CHECK(whole < mutations);
  ::unsetenv(key_variable);
  ::rusage used = {};
  ::getrusage(RUSAGE_CHILDREN, &used);
  if (!faults::under_sanitizer) CHECK(used.ru_maxrss < most_memory_kib);
  tally.print(std::to_string(mutations) + " mutated files, " + std::to_string(whole) + " of them read whole, at most " +
              std::to_string(used.ru_maxrss / 1024) + " MiB");
}
