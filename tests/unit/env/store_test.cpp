#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <locket/backends/env.hpp>
#include <locket/registry.hpp>

namespace {

using locket::ErrorCode;
using locket::Result;
using locket::Secret;
using locket::SecretStore;

// Variables that are set for the time of a test.
class Environment {
 public:
  Environment(std::initializer_list<std::pair<std::string, std::string>> variables) {
    for (const auto& [name, value] : variables) {
      ::setenv(name.c_str(), value.c_str(), 1);
      names_.push_back(name);
    }
  }
  ~Environment() {
    for (const auto& name : names_) ::unsetenv(name.c_str());
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::vector<std::string> names_;
};

// A folder with one file, for the time of a test.
class File {
 public:
  explicit File(const std::string& text) {
    const char* parent = std::getenv("TMPDIR");
    folder_ = std::string(parent != nullptr ? parent : "/tmp") + "/env-test-XXXXXX";
    REQUIRE(::mkdtemp(folder_.data()) != nullptr);
    write(text);
  }
  ~File() {
    std::remove(path().c_str());
    ::rmdir(folder_.c_str());
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write(const std::string& text) const { std::ofstream(path()) << text; }
  const std::string& folder() const { return folder_; }
  std::string path() const { return folder_ + "/.env"; }

 private:
  std::string folder_;
};

std::shared_ptr<SecretStore> open(locket::env::Options options) {
  auto store = locket::env::open(std::move(options));
  if (!store) FAIL(store.error());
  return *store;
}

locket::Error refused(locket::env::Options options) {
  auto store = locket::env::open(std::move(options));
  REQUIRE_FALSE(store);
  CHECK(store.error().backend() == "env");
  CHECK(store.error().operation() == "open");
  return store.error();
}

// The value, or the error's kind.
std::string read(SecretStore& store, std::string_view name) {
  const Result<Secret> secret = store.get(name);
  return secret ? std::string(secret->value().expose()) : std::string(to_string(secret.error().code()));
}

// All pages of at most `limit` names each.
std::vector<std::string> names(SecretStore& store, std::string_view prefix = "", std::size_t limit = 0) {
  std::vector<std::string> names;
  locket::ListOptions options{.limit = limit};
  do {
    const auto page = store.list(prefix, options);
    REQUIRE(page);
    CHECK((limit == 0 || page->items.size() <= limit));
    for (const auto& item : page->items) names.push_back(item.name.text());
    options.page = page->next;
  } while (!options.page.empty());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a secret is the value of its variable") {
  const Environment set({{"LT_OPENAI_API_KEY", "sk-1"}, {"LT_EMPTY", ""}, {"LT_LINES", "a\nb=c\xff"}});
  const auto store = open({.prefix = "LT_"});
  CHECK(read(*store, "openai/api_key") == "sk-1");
  CHECK(read(*store, "OpenAI/API-key") == "sk-1");
  CHECK(read(*store, "lines") == "a\nb=c\xff");
  CHECK(read(*store, "empty").empty());
  CHECK(read(*store, "missing") == "NotFound");
  CHECK(read(*open({}), "lt_openai/api_key") == "sk-1");

  const auto secret = store->get("openai/api_key");
  CHECK(secret->kind() == locket::SecretData::Kind::Bytes);
  CHECK(secret->version() == std::nullopt);
  CHECK(secret->metadata() == locket::Metadata());
}

TEST_CASE("a value that is a JSON object has fields") {
  const Environment set({{"LT_DB", R"({"user": "u", "port": 5432})"}, {"LT_TEXT", "{"}});
  const auto store = open({.prefix = "LT_"});
  CHECK(store->get("db")->field("port")->expose() == "5432");
  CHECK(store->get("db")->field("x").error().code() == ErrorCode::NotFound);
  CHECK(store->get("text")->field("x").error().code() == ErrorCode::InvalidArgument);
}

TEST_CASE("what is missing is named, with its variable") {
  const auto error = open({.prefix = "LT_"})->get("openai/api_key").error();
  CHECK(error.message() == "no secret 'openai/api_key': the variable LT_OPENAI_API_KEY is not set");
  CHECK(error.reason() == "env.not_set");
  CHECK(error.backend() == "env (prefix LT_)");
  CHECK(error.name() == "openai/api_key");
}

TEST_CASE("the environment is read once, when the store is opened") {
  const Environment set({{"LT_A", "before"}, {"LT_B", "before"}});
  const auto store = open({.prefix = "LT_"});
  ::setenv("LT_A", "after", 1);
  ::unsetenv("LT_B");
  const Environment later({{"LT_C", "after"}});
  CHECK(read(*store, "a") == "before");
  CHECK(read(*store, "b") == "before");
  CHECK(read(*store, "c") == "NotFound");
  CHECK(names(*store) == Names{"a", "b"});
}

TEST_CASE("the file is read once, and a secret outlives its store") {
  const File file("LT_A=before\n");
  auto store = open({.prefix = "LT_", .file = file.path()});
  file.write("LT_A=after\nLT_B=after\n");
  CHECK(read(*store, "a") == "before");
  CHECK(read(*store, "b") == "NotFound");
  const auto secret = store->get("a");
  store.reset();
  CHECK(secret->value().expose() == "before");
}

TEST_CASE("without declared names every variable is listed under a name that get finds") {
  const Environment set(
      {{"LT_OPENAI_API_KEY", "1"}, {"LT_DB_PASSWORD", "2"}, {"LT_9", "3"}, {"LTX", "4"}, {"lt_A", "5"}});
  const auto store = open({.prefix = "LT_"});
  CHECK(names(*store) == Names{"9", "db_password", "openai_api_key"});
  for (const auto& name : names(*store)) CHECK(read(*store, name) != "NotFound");
  CHECK(names(*store, "db").empty());
}

TEST_CASE("without declared names what no name means is reported with the first page of everything") {
  const Environment set({{"LT_A", "1"}, {"LT_B", "1"}, {"LT_c", "1"}, {"LT_D.E", "1"}, {"LT_\n\xC3", "1"}});
  const File file("LT_c=1\nLT_f=1\n");
  const auto store = open({.prefix = "LT_", .file = file.path()});
  const auto page = store->list("", {.limit = 1});
  REQUIRE(page);
  CHECK(page->unaddressable == Names{"LT_D.E", "LT_\\x0A\\xC3", "LT_c"});
  CHECK(store->list("", {.limit = 1, .page = page->next})->unaddressable.empty());
  CHECK(store->list("folder")->unaddressable.empty());
}

TEST_CASE("with neither prefix nor names the store is the whole environment") {
  const Environment set({{"LT_A", "1"}});
  const auto store = open({});
  const auto all = names(*store);
  const std::set<std::string> listed(all.begin(), all.end());
  CHECK(listed.contains("lt_a"));
  CHECK(listed.contains("path"));
  CHECK(read(*store, "path") == std::getenv("PATH"));
}

TEST_CASE("with declared names those are served and listed, and nothing else") {
  const Environment set({{"LT_OPENAI_API_KEY", "1"}, {"LT_DB_PASSWORD", "2"}, {"LT_OTHER", "3"}, {"LT_low", "4"}});
  const auto store = open({.prefix = "LT_", .names = {"openai/api_key", "db/password", "db/missing"}});
  CHECK(read(*store, "openai/api_key") == "1");
  CHECK(read(*store, "db/missing") == "NotFound");
  CHECK(names(*store) == Names{"db/password", "openai/api_key"});
  CHECK(names(*store, "db") == Names{"db/password"});
  CHECK(store->list("")->unaddressable.empty());

  CHECK(read(*store, "other") == "NotFound");
  const auto error = store->get("openai_api/key").error();
  CHECK(error.code() == ErrorCode::NotFound);
  CHECK(error.reason() == "env.not_declared");
  CHECK(error.hint() == "did you mean 'openai/api_key'?");
  CHECK(store->stat("openai_api/key").error().code() == ErrorCode::NotFound);
}

TEST_CASE("names that mean the same variable are refused when the store is opened") {
  const auto error = refused({.prefix = "LT_", .names = {"a-b", "a_b"}});
  CHECK(error.code() == ErrorCode::InvalidArgument);
  CHECK(error.message() == "names collide: 'a-b' and 'a_b' both mean LT_A_B");
}

TEST_CASE("the environment goes before the file") {
  const File file("LT_A=file\nexport LT_B=\"file\"\nLT_EMPTY=file\nPLAIN=file\n");
  const Environment set({{"LT_A", "environment"}, {"LT_EMPTY", ""}});
  const auto store = open({.prefix = "LT_", .file = file.path()});
  CHECK(read(*store, "a") == "environment");
  CHECK(read(*store, "b") == "file");
  CHECK(read(*store, "empty").empty());
  CHECK(read(*store, "plain") == "NotFound");
  CHECK(names(*store) == Names{"a", "b", "empty"});
  CHECK(store->describe() == "env (prefix LT_, file " + file.path() + ")");
}

TEST_CASE("errors of the file are told all at once, with line and column, without a value") {
  const File file("LT_A=CANARY-4f1c\nCANARY-4f1c\nLT_B=\"CANARY-4f1c\n");
  const auto error = refused({.file = file.path()});
  CHECK(error.code() == ErrorCode::InvalidArgument);
  CHECK(error.message() == file.path() + ":2:12: '=' is missing behind the name; " + file.path() +
                               ":3:6: the quote that opens here is never closed");
  CHECK(error.to_string().find("CANARY") == std::string::npos);
}

TEST_CASE("a file that cannot be read is an error of its kind that names it") {
  const File file("LT_A=1\n");
  const auto missing = refused({.file = file.folder() + "/missing"});
  CHECK(missing.code() == ErrorCode::NotFound);
  CHECK(missing.message() == "cannot read '" + file.folder() + "/missing': No such file or directory");
  CHECK(refused({.file = file.path() + "/below"}).code() == ErrorCode::NotFound);
  CHECK(refused({.file = file.folder()}).code() == ErrorCode::InvalidArgument);
  CHECK(refused({.file = std::string(5000, 'x')}).code() == ErrorCode::InvalidArgument);
  CHECK(refused({.file = file.path() + std::string("\0x", 2)}).code() == ErrorCode::InvalidArgument);
}

TEST_CASE("a file without permission is refused", "[unprivileged]") {
  if (::geteuid() == 0) SKIP("because root may read everything");
  const File file("LT_A=1\n");
  REQUIRE(::chmod(file.path().c_str(), 0) == 0);
  CHECK(refused({.file = file.path()}).code() == ErrorCode::PermissionDenied);
}

TEST_CASE("a file of 1 MiB is read, a larger one is refused") {
  const std::string start = "LT_A=1\n#";
  const File file(start + std::string((1U << 20U) - start.size(), 'x'));
  CHECK(read(*open({.file = file.path()}), "lt_a") == "1");
  file.write(start + std::string((1U << 20U) - start.size() + 1, 'x'));
  const auto error = refused({.file = file.path()});
  CHECK(error.code() == ErrorCode::LimitExceeded);
  CHECK(error.message() == "'" + file.path() + "' is larger than 1048576 bytes");
  CHECK(refused({.file = "/dev/zero"}).code() == ErrorCode::InvalidArgument);
}

TEST_CASE("a pipe is read to its end, as shells and password managers hand over files") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  REQUIRE(::write(ends[1], "LT_A=1\n", 7) == 7);
  ::close(ends[1]);
  CHECK(read(*open({.file = "/dev/fd/" + std::to_string(ends[0])}), "lt_a") == "1");
  ::close(ends[0]);
}

TEST_CASE("pages hold as much as they may and each name once") {
  std::string variables;
  for (int i = 100; i < 110; ++i) variables += "LT_" + std::to_string(i) + "=1\n";
  const File file(variables);
  const auto store = open({.prefix = "LT_", .file = file.path()});
  const auto whole = names(*store);
  CHECK(whole.size() == 10);
  for (std::size_t limit : {1U, 3U, 5U, 10U, 11U}) CHECK(names(*store, "", limit) == whole);
  CHECK(store->list("", {.limit = 10})->next.empty());
}

TEST_CASE("stat tells what there is without a value") {
  const Environment set({{"LT_A", "1"}});
  const auto store = open({.prefix = "LT_"});
  const auto info = store->stat("a");
  REQUIRE(info);
  CHECK(info->name.text() == "a");
  CHECK(info->metadata == locket::Metadata());
  CHECK_FALSE(info->current);
  CHECK_FALSE(info->deleted);
  CHECK(store->stat("b").error().code() == ErrorCode::NotFound);
}

TEST_CASE("the store is read only, and says so") {
  const auto store = open({});
  CHECK(store->capabilities() == locket::Capabilities{.list = true, .stat_without_value = true});
  CHECK(store->put("a", locket::SecretData::bytes("x")).error().code() == ErrorCode::NotSupported);
  CHECK(store->remove("a").error().code() == ErrorCode::NotSupported);
  CHECK(store->get("a", {.which = locket::Version("1")}).error().code() == ErrorCode::NotSupported);
}

TEST_CASE("its health is good, and names what was declared and is not set") {
  const Environment set({{"LT_A", "1"}});
  CHECK(open({.prefix = "LT_"})->health()->detail == "secrets that were set when the store was opened: 1");
  const auto health = open({.prefix = "LT_", .names = {"a", "b/c", "d"}})->health();
  REQUIRE(health);
  CHECK(health->ready);
  CHECK(health->state == "ok");
  CHECK(health->detail == "secrets that were set when the store was opened: 1; not set: 'b/c' (LT_B_C), 'd' (LT_D)");
}

TEST_CASE("no value comes out but through expose") {
  const Environment set({{"LT_A", "CANARY-4f1c"}, {"LT_b", "CANARY-4f1c"}});
  const File file("LT_C=CANARY-4f1c\n");
  const auto store = open({.prefix = "LT_", .file = file.path()});
  std::string said = store->describe() + store->health()->detail;
  for (const char* name : {"b", "a//b", "x"}) said += store->get(name).error().to_string();
  said += store->get("a")->field("x").error().to_string();
  const auto listed = store->list("");
  for (const auto& strange : listed->unaddressable) said += strange;
  CHECK(said.find("CANARY") == std::string::npos);
}

TEST_CASE("a URL opens it, and says nothing but where") {
  const File file("LT_A=file\n");
  const Environment set({{"LT_B", "environment"}});
  locket::Registry registry;
  locket::env::add_schemes(registry);
  CHECK(registry.schemes() == Names{"env"});

  const auto store = registry.open("env:?prefix=LT_&file=" + file.path());
  REQUIRE(store);
  CHECK(names(**store) == Names{"a", "b"});
  CHECK(read(**registry.open("env:"), "lt_b") == "environment");
  CHECK(registry.open("env:?file=" + file.path() + "%00x").error().code() == ErrorCode::InvalidArgument);
  for (const char* wrong : {"env:LT_", "env://LT_", "env:/etc/app.env", "env:?prefix=LT-", "env:?names=a"}) {
    CAPTURE(wrong);
    const auto refused = registry.open(wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == ErrorCode::InvalidArgument);
    CHECK_FALSE(refused.error().hint().empty());
  }
}

TEST_CASE("it has the settings that it was opened with") {
  const auto clock = locket::system_clock();
  CHECK(open({.settings = {.clock = clock, .enforce_expiry = false}})->settings().clock == clock);
  CHECK_FALSE(open({.settings = {.enforce_expiry = false}})->settings().enforce_expiry);
}

TEST_CASE("a forked child must open the store anew, and reads what it holds") {
  const Environment set({{"LT_A", "held"}});
  const auto store = open({.prefix = "LT_"});
  const auto held = store->get("a");
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const bool refuses = read(*store, "a") == "Unavailable" &&
                         store->list("").error().code() == ErrorCode::Unavailable &&
                         store->health().error().code() == ErrorCode::Unavailable;
    const bool reads = held->value().expose() == "held" && read(*open({.prefix = "LT_"}), "a") == "held";
    ::_exit(refuses && reads ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

TEST_CASE("a named pipe, whose writer may never come, is refused and not waited for") {
  const auto name = "locket-env-" + std::to_string(::getpid()) + ".pipe";
  const std::string path = (std::filesystem::temp_directory_path() / name).string();
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(refused({.file = path}).code() == ErrorCode::InvalidArgument);
  ::unlink(path.c_str());
}
