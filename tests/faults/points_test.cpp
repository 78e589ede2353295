// Each system call by which a local store changes files fails in turn, or is the last one that its process makes. After
// that the error must have said what became of the write, reads go on, and a new process finds the store as it was or
// as it was to become, whole, with exactly one key.
#include <array>
#include <csignal>
#include <cstring>
#include <functional>
#include <sstream>

#include "campaign.hpp"
#include "fault_points.hpp"
#include "seen.hpp"
#include "unit/local/local_test.hpp"

using namespace local_test;

namespace {

using faults::points::Fault;

constexpr const char* canary = "canary-value";

/// What the process that meets the fault has open, and does.
struct Subject {
  std::function<Result<void>()> operation;
  /// What it reads afterwards; the same as `Scenario::look` finds, or "!" and why not.
  std::function<std::string()> read;
};

struct Scenario {
  const char* name;
  /// What there is before.
  std::function<void(const Folder&)> prepare;
  std::function<Subject(const Folder&)> subject;
  /// What a new process finds: as it was before the operation, or as it is after it, and nothing else.
  std::function<std::string(const Folder&)> look;
};

template <class T>
Result<void> void_of(Result<T> result) {
  return result ? Result<void>() : Result<void>(std::move(result).error());
}

// --- what there is

std::string text_of(const faults::Seen& seen) {
  std::string text = "a store: ";
  for (const auto& [name, versions] : seen) {
    text += name + ":";
    for (const auto& [version, value] : versions) text += " " + version + "=" + value.substr(0, 20);
    text += "; ";
  }
  return text;
}

std::string seen_by(SecretStore& store) {
  auto seen = faults::see(store);
  return seen ? text_of(*seen) : "!" + seen.error().to_string();
}

using How = std::function<local::Options(const Folder&)>;

std::string seen_in(const Folder& folder, const How& how) {
  auto store = local::open(how(folder));
  if (!store) return "!" + store.error().to_string();
  std::string text = seen_by(**store);
  store->reset();
  const std::string damage = faults::damage_of(how(folder));
  return damage.empty() ? text : "!" + damage;
}

local::Options plain(const Folder& folder) {
  auto how = options(folder);
  how.history = 2;
  return how;
}
local::Options anchored(const Folder& folder) {
  auto how = plain(folder);
  how.anchor = folder.file("anchor");
  return how;
}
/// A killed `create` may not have come to the anchor.
local::Options anchor_started(const Folder& folder) {
  auto how = anchored(folder);
  how.start_anchor = true;
  return how;
}
local::Options with_key(const Folder& folder, const std::string& name) {
  auto how = plain(folder);
  how.key = local::KeyFile{.path = folder.file(name)};
  return how;
}

std::string seen_if_there(const Folder& folder, const How& how) {
  return fs::exists(folder.file("store.db")) ? seen_in(folder, how) : "no store";
}

/// Which of both keys opens the store, and what is in it. `looked_at` are the options for the store as it is now.
std::string keys_of(const Folder& folder, const How& before, const How& after) {
  const std::string old = seen_in(folder, before);
  const std::string fresh = seen_in(folder, after);
  const bool opened_by_old = !old.starts_with("!");
  const bool opened_by_new = !fresh.starts_with("!");
  if (opened_by_old == opened_by_new) return opened_by_old ? "!both keys open it" : "!no key opens it: " + old + fresh;
  return opened_by_old ? "the old key: " + old : "the new key: " + fresh;
}

// --- what there is before

void one_store(const Folder& folder, const How& how) {
  const Store store = must(local::create(how(folder)));
  put(store, "a", std::string(canary) + "-1");
  put(store, "a", std::string(canary) + "-2");
  put(store, "b", std::string(canary) + "-3");
}

void half_a_rekey(const Folder& folder) {
  one_store(folder, plain);
  const std::string key = folder.file("store.db.key");
  fs::copy_file(key, folder.file("kept.key"));
  must(must(local::Admin::open(plain(folder))).rekey(plain(folder).key));
  fs::rename(key, key + ".next");
  fs::rename(folder.file("kept.key"), key);
}

// --- what there is after more than reading

std::string rekeyed_in_place(const Folder& folder) {
  const std::string next = "store.db.key.next";
  std::string seen = seen_in(folder, plain);
  if (seen.starts_with("!")) return seen;
  const bool old = local::open(with_key(folder, "kept.key")).ok();
  if (!old && fs::exists(folder.file(next))) return "!the new key was left in " + next;
  if (old && local::open(with_key(folder, next)).ok()) return "!both keys open it";
  return (old ? "the old key: " : "the new key: ") + seen;
}

/// A rotation that was interrupted is finished by the next one.
std::string rotated_again(const Folder& folder) {
  const std::string seen = seen_in(folder, plain);
  auto admin = local::Admin::open(plain(folder));
  if (!admin) return "!" + admin.error().to_string();
  if (auto done = admin->rotate(); !done) return "!" + done.error().to_string();
  auto status = admin->key_status();
  if (!status) return "!" + status.error().to_string();
  const auto unfinished =
      std::ranges::count(status->data_keys, local::DataKeyStatus::State::DecryptOnly, &local::DataKeyStatus::state);
  if (unfinished != 0) return "!the rotation is still not finished";
  return seen == seen_in(folder, plain) ? seen : "!the rotation changed what is there";
}

std::string backed_up(const Folder& folder) {
  std::string seen = seen_in(folder, plain);
  if (!fs::exists(folder.file("backup.db"))) return seen;
  return seen + "and a backup: " + seen_in(folder, [](const Folder& f) {
           auto how = plain(f);
           how.path = f.file("backup.db");
           return how;
         });
}

// --- what is done

Subject on_store(const Folder& folder, const How& how, const std::function<Result<void>(SecretStore&)>& operation) {
  const Store store = must(local::open(how(folder)));
  return {.operation = [=] { return operation(*store); }, .read = [=] { return seen_by(*store); }};
}

Subject on_admin(const Folder& folder, const std::function<Result<void>(local::Admin&)>& operation) {
  const auto admin = std::make_shared<local::Admin>(must(local::Admin::open(plain(folder))));
  const Store store = must(local::open(plain(folder)));
  return {.operation = [=] { return operation(*admin); }, .read = [=] { return seen_by(*store); }};
}

Subject creating(const Folder& folder, const How& how) {
  return {.operation = [&folder, how] { return void_of(local::create(how(folder))); },
          .read = [&folder] { return seen_if_there(folder, plain); }};
}

Result<void> put_again(SecretStore& store) {
  return void_of(store.put("a", SecretData::bytes(std::string(canary) + "-new")));
}

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> all{
      {.name = "create",
       .prepare = [](const Folder&) {},
       .subject = [](const Folder& folder) { return creating(folder, plain); },
       .look = [](const Folder& folder) { return seen_if_there(folder, plain); }},
      {.name = "create with an anchor",
       .prepare = [](const Folder&) {},
       .subject = [](const Folder& folder) { return creating(folder, anchored); },
       .look = [](const Folder& folder) { return seen_if_there(folder, anchor_started); }},
      {.name = "put a new version, which drops the oldest",
       .prepare = [](const Folder& folder) { one_store(folder, plain); },
       .subject = [](const Folder& folder) { return on_store(folder, plain, put_again); },
       .look = [](const Folder& folder) { return seen_in(folder, plain); }},
      {.name = "put a large secret",
       .prepare = [](const Folder& folder) { one_store(folder, plain); },
       .subject =
           [](const Folder& folder) {
             return on_store(folder, plain, [](SecretStore& store) {
               return void_of(store.put("large", SecretData::bytes(canary + std::string(40000, 'x'))));
             });
           },
       .look = [](const Folder& folder) { return seen_in(folder, plain); }},
      {.name = "remove",
       .prepare = [](const Folder& folder) { one_store(folder, plain); },
       .subject =
           [](const Folder& folder) {
             return on_store(folder, plain, [](SecretStore& store) { return store.remove("a"); });
           },
       .look = [](const Folder& folder) { return seen_in(folder, plain); }},
      {.name = "purge",
       .prepare = [](const Folder& folder) { one_store(folder, plain); },
       .subject =
           [](const Folder& folder) {
             return on_store(folder, plain, [](SecretStore& store) { return store.purge("a"); });
           },
       .look = [](const Folder& folder) { return seen_in(folder, plain); }},
      {.name = "put and advance the anchor",
       .prepare = [](const Folder& folder) { one_store(folder, anchored); },
       .subject = [](const Folder& folder) { return on_store(folder, anchored, put_again); },
       .look = [](const Folder& folder) { return seen_in(folder, anchored); }},
      {.name = "rekey in the present key file",
       .prepare =
           [](const Folder& folder) {
             one_store(folder, plain);
             fs::copy_file(folder.file("store.db.key"), folder.file("kept.key"));
           },
       .subject =
           [](const Folder& folder) {
             return on_admin(folder, [&](local::Admin& admin) { return admin.rekey(plain(folder).key); });
           },
       .look = [](const Folder& folder) { return rekeyed_in_place(folder); }},
      {.name = "rekey to another key file",
       .prepare = [](const Folder& folder) { one_store(folder, plain); },
       .subject =
           [](const Folder& folder) {
             return on_admin(folder, [&](local::Admin& admin) {
               return admin.rekey(local::KeyFile{.path = folder.file("new.key")});
             });
           },
       .look =
           [](const Folder& folder) {
             return keys_of(folder, plain, [](const Folder& f) { return with_key(f, "new.key"); });
           }},
      {.name = "open, and finish a rekey",
       .prepare = [](const Folder& folder) { half_a_rekey(folder); },
       .subject =
           [](const Folder& folder) {
             return Subject{.operation = [&] { return void_of(local::open(plain(folder))); },
                            .read = [&] { return seen_in(folder, plain); }};
           },
       .look = [](const Folder& folder) { return seen_in(folder, plain); }},
      {.name = "rotate",
       .prepare = [](const Folder& folder) { one_store(folder, plain); },
       .subject =
           [](const Folder& folder) { return on_admin(folder, [](local::Admin& admin) { return admin.rotate(); }); },
       .look = [](const Folder& folder) { return rotated_again(folder); }},
      {.name = "vacuum",
       .prepare =
           [](const Folder& folder) {
             one_store(folder, plain);
             const Store store = must(local::open(plain(folder)));
             put(store, "gone", std::string(40000, 'x'));
             must(store->purge("gone"));
           },
       .subject =
           [](const Folder& folder) { return on_admin(folder, [](local::Admin& admin) { return admin.vacuum(); }); },
       .look = [](const Folder& folder) { return seen_in(folder, plain); }},
      {.name = "back up",
       .prepare = [](const Folder& folder) { one_store(folder, plain); },
       .subject =
           [](const Folder& folder) {
             return on_admin(folder, [&](local::Admin& admin) { return admin.backup_to(folder.file("backup.db")); });
           },
       .look = [](const Folder& folder) { return backed_up(folder); }},
  };
  return all;
}

// --- the process that meets the fault

/// What it has told.
struct Report {
  bool hit = false;
  bool killed = false;
  bool ok = false;
  Effect effect = Effect::None;
  std::string call;     ///< the one that failed
  std::string error;    ///< its text
  std::string read;     ///< what it read afterwards
  std::string trouble;  ///< what was wrong, empty when nothing was
};

std::string trouble_with(const Error& error) {
  if (error.code() == ErrorCode::Internal) return "an internal error";
  if (error.hint().empty() || error.message().empty()) return "an error without a hint or message";
  if (error.to_string().find(canary) != std::string::npos) return "an error with a value in it";
  // What the disk does is no question of rights, keys or tampering, and must not look as if it were.
  if (error.code() != ErrorCode::Unavailable) return "an error that blames something else than the disk";
  return {};
}

/// Whoever has the store open while it is rekeyed has to open it again.
bool is_key_changed(const std::string& read) {
  return read.find("new root key") != std::string::npos;
}
bool goes_on(const std::string& read) {
  return !read.starts_with("!") || is_key_changed(read);
}

/// In the child: everything, told on a pipe, a field to a line.
void meet_fault(const Scenario& scenario, const Folder& folder, int at, Fault fault, std::ostream& out) {
  const Subject subject = scenario.subject(folder);
  faults::points::arm(folder.path(), at, fault);
  const Result<void> result = subject.operation();
  const auto& calls = faults::points::calls();
  const bool hit = at > 0 && calls.size() >= static_cast<std::size_t>(at);
  const std::string call = hit ? calls[static_cast<std::size_t>(at) - 1] : "";
  std::string trouble = result ? "" : trouble_with(result.error());
  if (fault == Fault::FullFromThenOn && !goes_on(subject.read())) trouble += "; no reads on a full disk";
  faults::points::disarm();
  const std::string read = subject.read();
  // Once the disk works again, so does what failed. Not after each kind of fault: what it left is to be seen too.
  if (fault == Fault::Io && !result && result.error().effect() == Effect::None) {
    if (auto done = subject.operation(); !done) trouble += "; it does not work later: " + done.error().to_string();
  }
  out << hit << '\n'
      << result.ok() << '\n'
      << (result ? 0 : static_cast<int>(result.error().effect())) << '\n'
      << call << '\n'
      << (result ? "" : result.error().to_string()) << '\n'
      << read << '\n'
      << trouble << '\n';
}

std::string slice(std::istream& in) {
  std::string line;
  std::getline(in, line);
  return line;
}

Report report_of(int status, const std::string& told) {
  Report report;
  report.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  std::istringstream in(told);
  if (report.killed) {
    report.hit = true;
    return report;
  }
  report.hit = slice(in) == "1";
  report.ok = slice(in) == "1";
  report.effect = static_cast<Effect>(std::strtol(slice(in).c_str(), nullptr, 10));
  report.call = slice(in);
  report.error = slice(in);
  report.read = slice(in);
  report.trouble = slice(in);
  if (status != 0) report.trouble += "; the process ended with " + std::to_string(status);
  return report;
}

Report run(const Scenario& scenario, const Folder& folder, int at, Fault fault) {
  const std::string told = folder.path() + ".told";
  const int status = in_child([&] {
    std::ofstream out(told);
    meet_fault(scenario, folder, at, fault, out);
    return 0;
  });
  Report report = report_of(status, read_all(told));
  fs::remove(told);
  return report;
}

// --- what must be so afterwards

/// One scenario, with what there is before and after it.
class Trial {
 public:
  explicit Trial(const Scenario& scenario) : scenario_(scenario) {
    scenario.prepare(prepared_);
    const Folder untouched;
    copy_to(untouched);
    before_ = scenario.look(untouched);
    const Folder done;
    copy_to(done);
    const Report report = run(scenario, done, 0, Fault::None);
    INFO(report.error << report.trouble);
    REQUIRE(report.ok);
    after_ = scenario.look(done);
    REQUIRE_FALSE(before_.starts_with("!"));
    REQUIRE_FALSE(after_.starts_with("!"));
  }

  /// False when the scenario makes fewer calls than `at`.
  bool meets(int at, Fault fault) {
    const Folder folder;
    copy_to(folder);
    const Report report = run(scenario_, folder, at, fault);
    INFO(scenario_.name << ": fault " << static_cast<int>(fault) << " at call " << at << ", " << report.call);
    INFO("the error: " << report.error << " (effect " << to_string(report.effect) << ")");
    INFO("wrong: " << report.trouble);
    CHECK(report.trouble.empty());
    if (!report.hit) return false;
    // On a disk that is gone nothing can be cleared away.
    if (!report.killed && fault != Fault::IoFromThenOn) check_leftovers(folder);
    check(report, scenario_.look(folder), fault);
    return true;
  }

 private:
  void copy_to(const Folder& folder) const { fs::copy(prepared_.path(), folder.path(), fs::copy_options::recursive); }

  void check(const Report& report, const std::string& found, Fault fault) const {
    const bool retried = fault == Fault::Io && !report.ok && report.effect == Effect::None;
    const bool old_allowed = report.killed || (!report.ok && report.effect != Effect::Applied && !retried);
    const bool new_allowed = report.killed || report.ok || report.effect != Effect::None || retried;
    INFO("before: " << before_);
    INFO("after: " << after_);
    INFO("found: " << found);
    CHECK(((old_allowed && found == before_) || (new_allowed && found == after_)));
    if (report.killed || retried) return;
    INFO("the process itself read: " << report.read);
    const bool key_changed = is_key_changed(report.read) && found == after_;
    CHECK((key_changed || found.find(report.read) != std::string::npos));
  }

  /// A file that nobody will ever look for again, with a key in it perhaps.
  static void check_leftovers(const Folder& folder) {
    for (const auto& entry : fs::directory_iterator(folder.path())) {
      INFO("left: " << entry.path().filename().string());
      CHECK(entry.path().filename().string().find(".tmp-") == std::string::npos);
    }
  }

  const Scenario& scenario_;
  Folder prepared_;
  std::string before_;
  std::string after_;
};

}  // namespace

TEST_CASE("each system call that changes a file may fail, or be the last") {
  if (const std::string why = faults::points::unavailable(); !why.empty()) SKIP(why);
  const faults::Tally tally;
  faults::work_in_memory();
  int points = 0;
  int runs = 0;
  for (const Scenario& scenario : scenarios()) {
    Trial trial(scenario);
    for (const Fault fault : {Fault::Io, Fault::NoSpace, Fault::IoFromThenOn, Fault::FullFromThenOn, Fault::Kill}) {
      int at = 1;
      while (trial.meets(at, fault)) ++at;
      CHECK(at > 1);
      runs += at;
      if (fault == Fault::Kill) points += at - 1;
    }
  }
  tally.print(std::to_string(points) + " system calls of " + std::to_string(scenarios().size()) + " operations, " +
              std::to_string(runs) + " runs");
}
