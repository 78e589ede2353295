// A backend of one's own in one file: a folder of files that age encrypted (https://age-encryption.org), one for each
// secret, as teams keep them in git. `db/password` is FOLDER/db/password.age.
//
//   custom_backend 'age:/abs/folder?identity=/abs/key.txt' NAME     prints a secret
//   custom_backend --test                                           holds the backend to what store.hpp promises
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <locket/all.hpp>
#include <locket/secret_buffer.hpp>
#include <locket/store.hpp>
#include <locket/testing/conformance.hpp>

namespace {

namespace fs = std::filesystem;
using locket::Error;
using locket::ErrorCode;
using locket::Result;

// --- Running a program whose output is a secret ---

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() { close_writing(), close(ends_[0]); }

  bool is_open() const { return ends_[0] >= 0; }
  int writing() const { return ends_[1]; }
  void close_writing() { close(ends_[1]); }

  // Everything until the writer ends, read straight into the memory where values live: no copy stays behind elsewhere,
  // as one would in a std::string, or in the buffer of a FILE.
  Result<locket::SecretValue> read_all() const {
    locket::SecretBuffer buffer;
    for (;;) {
      const std::span<char> room = buffer.prepare(4096);
      const ssize_t n = ::read(ends_[0], room.data(), room.size());
      if (n == 0) return std::move(buffer).finish();
      if (n > 0) buffer.commit(static_cast<std::size_t>(n));
      if (n < 0 && errno != EINTR) return Error({.code = ErrorCode::Unavailable, .message = "cannot read from age"});
    }
  }

 private:
  static void close(int& end) {
    if (end >= 0) ::close(std::exchange(end, -1));
  }

  std::array<int, 2> ends_ = {-1, -1};
};

// Starts it without input, its output and complaints going to the pipes. Its process number, or the reason.
Result<pid_t> start(std::vector<std::string> command, const Pipe& output, const Pipe& complaints) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (std::string& word : command) words.push_back(word.data());
  words.push_back(nullptr);

  pid_t child = 0;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, output.writing(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, complaints.writing(), STDERR_FILENO);
  const int failed = ::posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed == 0) return child;
  return Error({.code = ErrorCode::Unavailable,
                .message = "cannot start " + command[0] + ": " + std::generic_category().message(failed),
                .hint = "install age"});
}

// Kinds of error must never be blurred: somebody may act on "not logged in", and on nothing but that.
Error complaint(std::string_view text) {
  if (text.find("no identity matched") != std::string_view::npos)
    return Error({.code = ErrorCode::Unauthenticated,
                  .message = "the file is not encrypted to this identity",
                  .hint = "ask its owner to encrypt it to your recipient too"});
  if (text.starts_with("age: error: reading "))
    return Error({.code = ErrorCode::Unauthenticated,
                  .message = "age cannot read the identity",
                  .hint = "say with the option identity where it is"});
  return Error({.code = ErrorCode::Integrity,
                .message = "the file is damaged: age cannot decrypt it",
                .hint = "restore it, from git for instance"});
}

// What the command prints.
Result<locket::SecretValue> output_of(std::vector<std::string> command) {
  Pipe output;
  Pipe complaints;
  if (!output.is_open() || !complaints.is_open())
    return Error({.code = ErrorCode::Unavailable, .message = "too many open files"});
  const auto child = start(std::move(command), output, complaints);
  if (!child) return child.error();
  output.close_writing();
  complaints.close_writing();
  auto printed = output.read_all();
  const auto text = complaints.read_all();

  int status = 0;
  while (::waitpid(*child, &status, 0) < 0 && errno == EINTR) continue;
  if (!printed || !text) return !printed ? printed.error() : text.error();
  // What age printed before it found the damage is dropped, and wiped, here.
  if (status != 0) return complaint(text->expose());
  return printed;
}

// --- The store ---

// It reads and lists; what else a store can do is refused by SecretStore, which asks do_capabilities first. All members
// are const, so any thread may call anything without a lock.
class AgeStore final : public locket::SecretStore {
 public:
  static constexpr locket::Capabilities read_only{.list = true};

  AgeStore(fs::path folder, std::string identity, locket::StoreSettings settings)
      : SecretStore(std::move(settings)), folder_(std::move(folder)), identity_(std::move(identity)) {}

 protected:
  Result<locket::Secret> do_get(locket::NameView name, const locket::GetOptions&, const locket::Call&) override {
    const fs::path file = folder_ / (std::string(name.text()) + ".age");
    if (auto there = look(name, file); !there) return there.error();
    auto value = output_of({"age", "--decrypt", "--identity", identity_, "--", file.string()});
    if (!value) return value.error();
    return locket::Secret(locket::SecretData::bytes(std::move(*value)));
  }

  // The cursor is the last name of the page before: it stays good while others add files and remove them.
  Result<locket::Page<locket::SecretInfo>> do_list(const locket::Prefix& prefix, const locket::ListOptions& options,
                                                   const locket::Call&) override {
    locket::Page<locket::SecretInfo> page;
    std::set<std::string> names;
    if (auto read = read_names(prefix, names, page.unaddressable); !read) return read.error();
    if (!options.page.empty()) page.unaddressable.clear();  // told with the first page
    const std::size_t limit = options.limit == 0 ? 1000 : options.limit;
    for (auto it = names.upper_bound(options.page); it != names.end(); ++it) {
      if (page.items.size() == limit) {
        page.next = page.items.back().name.text();
        break;
      }
      page.items.push_back({.name = *locket::Name::parse(*it)});
    }
    return page;
  }

  Result<locket::Health> do_health(const locket::Call&) override {
    if (::access(folder_.c_str(), R_OK | X_OK) != 0)
      return locket::Health{.state = "missing", .detail = "the folder cannot be read"};
    if (::access(identity_.c_str(), R_OK) != 0)
      return locket::Health{.state = "locked", .detail = "the identity cannot be read"};
    return locket::Health{.ready = true, .state = "ok"};
  }

  const locket::Capabilities& do_capabilities() const noexcept override { return read_only; }
  std::string do_describe() const override { return "age (" + printable(folder_.string()) + ")"; }

 private:
  // NotFound only where the folder says so: one that is gone or closed to us knows nothing about a secret.
  Result<void> look(locket::NameView name, const fs::path& file) const {
    std::error_code why;
    if (fs::is_regular_file(file, why)) return {};
    const bool absent = !why || why == std::errc::no_such_file_or_directory || why == std::errc::not_a_directory ||
                        why == std::errc::filename_too_long;
    if (!absent || !fs::is_directory(folder_, why)) return unreadable(why);
    return Error({.code = ErrorCode::NotFound,
                  .message = "no file '" + std::string(name.text()) + ".age' in the folder",
                  .hint = "list the names that there are"});
  }

  Result<void> read_names(const locket::Prefix& prefix, std::set<std::string>& names,
                          std::vector<std::string>& others) const {
    std::error_code why;
    for (fs::recursive_directory_iterator it(folder_, why), end; !why && it != end; it.increment(why)) {
      if (it->path().extension() != ".age" || it->is_directory(why)) continue;
      const std::string path = it->path().lexically_relative(folder_).replace_extension().string();
      const auto name = locket::NameView::parse(path);
      if (!name && prefix == locket::Prefix()) others.push_back(printable(path));
      if (name && prefix.contains(*name)) names.insert(path);
    }
    if (why) return unreadable(why);
    return {};
  }

  static Error unreadable(std::error_code why) {
    const bool denied = why == std::errc::permission_denied;
    return Error({.code = denied ? ErrorCode::PermissionDenied : ErrorCode::Unavailable,
                  .message = "the folder cannot be read",
                  .hint = denied ? "give this user access to it" : "see whether it is mounted"});
  }

  // A file's name is anybody's text, and must not move the cursor of who lists it.
  static std::string printable(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c >= ' ' && c <= '~')
        result += c;
      else
        result += {'\\', 'x', digits[byte / 16], digits[byte % 16]};
    }
    return result;
  }

  const fs::path folder_;
  const std::string identity_;
};

Result<std::shared_ptr<locket::SecretStore>> open_age(const locket::StoreUrl& url,
                                                      const locket::StoreSettings& settings) {
  const auto identity = url.text("identity");
  if (url.host().empty() && url.path().starts_with('/') && identity)
    return std::make_shared<AgeStore>(url.path(), *identity, settings);
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "url.invalid",
                .message = "an 'age:' URL needs an absolute path and the option identity",
                .hint = "write age:/srv/secrets?identity=/etc/app/identity.txt"});
}

// From here on everything that opens a store by URL, a configuration file or $LOCKET_STORE, opens this one too.
void add_schemes(locket::Registry& registry) {
  registry.add({.name = "age", .options = {"identity"}, .capabilities = AgeStore::read_only, .open = open_age});
}

// --- The test: files that age itself encrypted, and the suite that every backend of locket's passes ---

class AgeFixture final : public locket::testing::Fixture {
 public:
  AgeFixture() { output_of({"age-keygen", "--output", identity()}).value(); }
  AgeFixture(const AgeFixture&) = delete;
  AgeFixture& operator=(const AgeFixture&) = delete;
  ~AgeFixture() override { fs::remove_all(home_); }

  Result<std::shared_ptr<locket::SecretStore>> open(std::span<const locket::testing::Seed> seeds) override {
    fs::remove_all(folder());
    fs::create_directory(folder());
    for (const locket::testing::Seed& seed : seeds) {
      const fs::path file = folder() / (seed.name + ".age");
      fs::create_directories(file.parent_path());
      std::ofstream(home_ / "plain", std::ios::binary) << seed.data.encoded().expose();
      auto encrypted = output_of(
          {"age", "--encrypt", "--identity", identity(), "--output", file.string(), (home_ / "plain").string()});
      if (!encrypted) return encrypted.error();
    }
    return open_again();
  }

  Result<std::shared_ptr<locket::SecretStore>> open_again() override {
    locket::Registry registry;
    add_schemes(registry);
    return registry.open("age:" + folder().string() + "?identity=" + identity());
  }

  // Where the store differs from the contract: age knows bytes alone.
  locket::testing::Quirks quirks() const override { return {.bytes_only = true}; }

  Result<std::shared_ptr<locket::SecretStore>> open_failing(ErrorCode kind,
                                                            std::span<const locket::testing::Seed> seeds) override {
    auto store = open(seeds);
    switch (kind) {
      case ErrorCode::Integrity:
        for (const auto& seed : seeds) std::ofstream(folder() / (seed.name + ".age"), std::ios::app) << "!";
        return store;
      case ErrorCode::Unauthenticated:
        fs::remove(identity());
        output_of({"age-keygen", "--output", identity()}).value();
        return store;
      case ErrorCode::Unavailable: fs::remove_all(folder()); return store;
      default: return nullptr;  // cannot be arranged: the clause is skipped
    }
  }

 private:
  static fs::path new_folder() {
    std::string path = (fs::temp_directory_path() / "age-store-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) throw std::system_error(errno, std::generic_category());
    return path;
  }
  fs::path folder() const { return home_ / "secrets"; }
  std::string identity() const { return (home_ / "identity.txt").string(); }

  const fs::path home_ = new_folder();
};

int test() {
  AgeFixture fixture;
  return locket::testing::run_all(fixture, std::cout).failed == 0 ? 0 : 1;
}

int print(const char* url, const char* name) {
  locket::Registry registry = locket::default_registry();
  add_schemes(registry);
  const auto store = registry.open(url);
  if (!store) return std::cerr << store.error() << '\n', 1;
  const auto secret = (*store)->get(name);
  if (!secret) return std::cerr << secret.error() << '\n', 1;
  std::cout << secret->value().expose();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--test") return test();
  if (argc == 3) return print(argv[1], argv[2]);
  std::cerr << "usage: custom_backend URL NAME, or custom_backend --test\n";
  return 2;
}
