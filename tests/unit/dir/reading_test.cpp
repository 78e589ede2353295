#include <algorithm>
#include <array>
#include <chrono>

#include <catch2/catch_test_macros.hpp>
#include <fcntl.h>
#if defined(__linux__)
#include <sys/inotify.h>
#endif
#include <sys/socket.h>
#include <sys/un.h>

#include "folders.hpp"

using namespace folders;
using locket::ErrorCode;
using locket::SecretData;

TEST_CASE("dir: a file is a secret, to the byte") {
  Folder folder;
  const std::string binary("\0\xff\r\n\x80 \0", 7);
  folder.write("db/password", "hunter2");
  folder.write("newline", "hunter2\n");
  folder.write("empty", "");
  folder.write("binary", binary);
  const auto store = open(folder);
  CHECK(outcome(store->get("db/password")) == "hunter2");
  CHECK(outcome(store->get("newline")) == "hunter2\n");
  CHECK(outcome(store->get("empty")).empty());
  CHECK(outcome(store->get("binary")) == binary);
  const auto secret = store->get("binary");
  CHECK(secret->kind() == SecretData::Kind::Bytes);
  CHECK(!secret->version());
}

TEST_CASE("dir: names may hold every character that locket allows") {
  Folder folder;
  const std::string allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+=@!:-";
  for (const char c : allowed) folder.write("n" + std::string(1, c) + "/x" + std::string(1, c), std::string(1, c));
  folder.write(".hidden", "dot");
  folder.write("-", "dash");
  folder.write("...", "dots");
  const auto store = open(folder);
  for (const char c : allowed) {
    CHECK(outcome(store->get("n" + std::string(1, c) + "/x" + std::string(1, c))) == std::string(1, c));
  }
  CHECK(outcome(store->get(".hidden")) == "dot");
  CHECK(outcome(store->get("-")) == "dash");
  CHECK(outcome(store->get("...")) == "NotFound ");
  CHECK(names(*store).size() == allowed.size() + 2);
}

TEST_CASE("dir: the longest names") {
  Folder folder;
  const std::string part(170, 'n');
  const std::string name = part + "/" + part + "/" + part;
  REQUIRE(name.size() == locket::max_name_size);
  folder.write(name, "deep");
  folder.write(std::string(255, 'x'), "as long as a file's name may be");
  const auto store = open(folder);
  CHECK(outcome(store->get(name)) == "deep");
  CHECK(outcome(store->get(std::string(255, 'x'))) == "as long as a file's name may be");
  CHECK(outcome(store->get(std::string(256, 'x'))) == "NotFound ");
  std::string parts = "a";
  while (parts.size() + 2 <= locket::max_name_size) parts += "/a";
  folder.write(parts, "256 folders deep");
  CHECK(outcome(store->get(parts)) == "256 folders deep");
  CHECK(names(*store).size() == 3);
}

TEST_CASE("dir: what is not there is not found") {
  Folder folder;
  folder.write("file", "x");
  folder.make("folder/inner");
  const auto store = open(folder);
  CHECK(outcome(store->get("fil")) == "NotFound ");
  CHECK(outcome(store->get("file/password")) == "NotFound ");
  CHECK(outcome(store->get("no/password")) == "NotFound ");
  CHECK(outcome(store->get("folder")) == "NotFound dir.no_files");
  CHECK(failure(store->stat("fil")) == "NotFound ");
  CHECK(failure(store->stat("folder")) == "NotFound dir.no_files");
  const auto error = store->get("fil").error();
  CHECK(error.message() == "no file 'fil' in " + folder.path().string());
  CHECK(error.name() == "fil");
}

TEST_CASE("dir: no name escapes") {
  Folder outside;
  outside.write("secret", "not yours");
  outside.write("mount/mine", "mine");
  const auto store = open(outside / "mount");
  for (const char* name : {"../secret", "..", ".", "./mine", "mount/../../secret", "/etc/passwd", "//etc/passwd",
                           "..%2fsecret", "%2e%2e/secret", "x\n", "mine/"}) {
    CAPTURE(name);
    CHECK(store->get(name).error().code() == ErrorCode::InvalidArgument);
  }
  CHECK(store->get(std::string_view("mine\0", 5)).error().code() == ErrorCode::InvalidArgument);
  CHECK(outcome(store->get("..mount/mine")) == "NotFound ");
}

TEST_CASE("dir: a folder of files is a secret with fields") {
  Folder folder;
  folder.write("db/username", "app");
  folder.write("db/password", "p\"w\\\n\xc3\xa4");
  folder.write("db/a b", "spaces are fine in a field");
  folder.write("db/empty", "");
  folder.write("db/inner/left-out", "x");
  folder.write("db/..hidden", "x");
  const auto store = open(folder);
  const auto db = store->get("db");
  REQUIRE(db.ok());
  CHECK(db->kind() == SecretData::Kind::Fields);
  CHECK(db->field_names().value() == std::vector<std::string>{"a b", "empty", "password", "username"});
  CHECK(db->field("username")->expose() == "app");
  CHECK(db->field("password")->expose() == "p\"w\\\n\xc3\xa4");
  CHECK(db->field("empty")->empty());
  const auto info = store->stat("db");
  CHECK(info->fields == std::vector<std::string>{"a b", "empty", "password", "username"});
  CHECK(outcome(store->get("db/username")) == "app");
}

TEST_CASE("dir: files that cannot be fields are to be read by their own names") {
  Folder folder;
  folder.write("tls/cert", "text");
  folder.write("tls/key", std::string("\xff\xfe\0binary", 9));
  folder.write("lone/value", "x");
  folder.write("names/a\xff", "x");
  const auto store = open(folder);
  CHECK(outcome(store->get("tls")) == "InvalidArgument dir.no_fields");
  CHECK(store->get("tls").error().message().find("the field 'key' is not UTF-8") != std::string::npos);
  CHECK(store->get("tls").error().hint().find("'tls/FILE'") != std::string::npos);
  CHECK(outcome(store->get("tls/key")) == std::string("\xff\xfe\0binary", 9));
  CHECK(store->stat("tls").ok());
  CHECK(outcome(store->get("lone")) == "InvalidArgument dir.no_fields");
  CHECK(outcome(store->get("lone/value")) == "x");
  CHECK(outcome(store->get("names")) == "InvalidArgument dir.no_fields");
}

TEST_CASE("dir: stat tells when, and does not read") {
  Folder folder;
  folder.write("db/old", "x");
  folder.write("db/new", "x");
  using namespace std::chrono_literals;
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(fs::file_time_type::clock::now());
  fs::last_write_time(folder / "db/old", now - 48h);
  fs::last_write_time(folder / "db/new", now - 24h);
  const auto wall = std::chrono::file_clock::to_sys(now);
  const auto store = open(folder.path(), locket::dir::Way::Kernel, 1);
  folder.write("large", "more than one byte");
  CHECK(store->stat("db/old")->metadata->updated == wall - 48h);
  CHECK(store->stat("db")->metadata->updated == wall - 24h);
  CHECK(store->get("db/old")->metadata().updated == wall - 48h);
  CHECK(!store->stat("db/old")->metadata->created);
  CHECK(!store->stat("db/old")->fields);
  CHECK(store->stat("large").ok());
}

TEST_CASE("dir: a value larger than allowed is refused") {
  Folder folder;
  folder.write("exact", std::string(100, 'x'));
  folder.write("large", std::string(101, 'x'));
  folder.write("together/a", std::string(50, 'x'));
  folder.write("together/b", std::string(51, 'x'));
  folder.write("quotes/a", std::string(60, '"'));
  fs::resize_file(folder / "large", 1ULL << 40U);
  const auto store = open(folder.path(), locket::dir::Way::Kernel, 100);
  CHECK(outcome(store->get("exact")) == std::string(100, 'x'));
  CHECK(outcome(store->get("large")) == "LimitExceeded dir.too_large");
  CHECK(outcome(store->get("together")) == "LimitExceeded dir.too_large");
  CHECK(outcome(store->get("quotes")) == "LimitExceeded dir.too_large");
  CHECK(outcome(store->get("quotes/a")) == std::string(60, '"'));
}

TEST_CASE("dir: a file that does not tell its size is read, and still limited") {
  // The kernel's own files say that they are empty.
  if (!fs::exists("/proc/self/status")) SKIP("there is no /proc here");
  CHECK(outcome(open("/proc/self")->get("status")).find("Pid:") != std::string::npos);
  const auto small = open("/proc/self", locket::dir::Way::Kernel, 10);
  CHECK(outcome(small->get("status")) == "LimitExceeded dir.too_large");
}

TEST_CASE("dir: what is no file is refused, and nothing waits") {
  Folder folder;
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = (folder / "socket").string();
  REQUIRE(path.size() < sizeof address.sun_path);
  std::copy(path.begin(), path.end(), std::begin(address.sun_path));
  REQUIRE(::bind(socket, static_cast<sockaddr*>(static_cast<void*>(&address)), sizeof address) == 0);
  ::close(socket);
  folder.link("to-fifo", "fifo");
  const auto store = open(folder);
  for (const char* name : {"fifo", "socket", "to-fifo"}) {
    CHECK(outcome(store->get(name)) == "Integrity dir.not_a_file");
    CHECK(failure(store->stat(name)) == "Integrity dir.not_a_file");
  }
  CHECK(outcome(open("/dev")->get("null")) == "Integrity dir.not_a_file");
  CHECK(names(*store).empty());
  folder.write("file", "x");
  CHECK(open(folder.path().parent_path())->get(folder.path().filename().string())->field("file")->expose() == "x");
}

#if defined(__linux__)
TEST_CASE("dir: a pipe is not even opened") {
  Folder folder;
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  const locket::Descriptor watch(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  REQUIRE(::inotify_add_watch(watch.get(), (folder / "fifo").c_str(), IN_OPEN) >= 0);
  const auto opened = [&] {
    std::array<char, 1024> events{};
    return ::read(watch.get(), events.data(), events.size()) > 0;
  };
  CHECK(outcome(open(folder)->get("fifo")) == "Integrity dir.not_a_file");
  CHECK(!opened());
  ::close(::open((folder / "fifo").c_str(), O_RDONLY | O_NONBLOCK));
  CHECK(opened());
}
#endif

TEST_CASE("dir: more files than a secret may have fields") {
  Folder folder;
  folder.fill("many/", 1000);
  const auto store = open(folder);
  CHECK(store->get("many")->field_names()->size() == 1000);
  folder.write("many/one-more", "");
  CHECK(outcome(store->get("many")) == "LimitExceeded dir.too_many_files");
  CHECK(outcome(store->get("many/one-more")).empty());
}

TEST_CASE("dir: systemd's credentials and Docker's secrets") {
  Folder credentials;
  credentials.write("db.password", "from systemd");
  credentials.mode("db.password", 0400);
  credentials.mode("", 0500);
  CHECK(outcome(open(credentials)->get("db.password")) == "from systemd");
  Folder run;
  run.write("secrets/db_password", "from Docker\n");
  run.mode("secrets/db_password", 0444);
  const auto store = open(run / "secrets");
  CHECK(outcome(store->get("db_password")) == "from Docker\n");
  CHECK(names(*store) == std::vector<std::string>{"db_password"});
  credentials.mode("", 0700);
}
