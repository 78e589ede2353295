#include "cli/masked_stream.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/child.hpp"
#include "cli/keyboard.hpp"
#include "cli/pipe.hpp"
#include "cli/signal_forwarding.hpp"

namespace {

using namespace locket::cli;

std::vector<locket::SecretValue> hunter() {
  std::vector<locket::SecretValue> secrets;
  secrets.emplace_back("hunter2");
  return secrets;
}

// A stream between two pipes.
class Between {
 public:
  void write(std::string_view text) const {
    REQUIRE(::write(in_.writing.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  void pass() { stream_.pass(room_); }
  std::string seen() const {
    int size = 0;
    REQUIRE(::ioctl(out_.reading.get(), FIONREAD, &size) == 0);
    std::string text(static_cast<std::size_t>(size), '\0');
    REQUIRE((size == 0 || ::read(out_.reading.get(), text.data(), text.size()) == size));
    return text;
  }
  void close_reader() { out_.reading.close(); }
  void close_writer() { in_.writing.close(); }
  MaskedStream& stream() { return stream_; }
  std::span<char> room() { return room_; }

 private:
  Pipe in_ = *make_pipe();
  Pipe out_ = *make_pipe();
  std::array<char, 4096> room_ = {};
  MaskedStream stream_{std::move(in_.reading), out_.writing.get(), hunter()};
};

TEST_CASE("what is a secret's beginning waits for the rest, until the end") {
  Between between;
  between.write("a hun");
  between.pass();
  CHECK(between.seen() == "a ");
  between.write("ter2 b hun");
  between.pass();
  CHECK(between.seen() == "*** b ");
  between.close_writer();
  between.pass();
  CHECK(between.seen() == "hun");
  CHECK(between.stream().from() == -1);
}

TEST_CASE("what was held back can be let out") {
  Between between;
  between.write("h");
  between.pass();
  CHECK(between.seen().empty());
  between.stream().let_out();
  CHECK(between.seen() == "h");
  between.write("hunter2!");
  between.pass();
  CHECK(between.seen() == "***!");
}

TEST_CASE("the rest is what is there, though somebody could still write") {
  Between between;
  const std::string text(10'000, 'x');
  between.write(text);
  between.stream().pass_rest(between.room());
  CHECK(between.seen() == text);
  CHECK(between.stream().from() >= 0);
  between.stream().pass_rest(between.room());
  CHECK(between.seen().empty());
}

TEST_CASE("other secrets are masked from then on") {
  Between between;
  std::vector<locket::SecretValue> secrets = hunter();
  secrets.emplace_back("correct horse");
  between.stream().mask(secrets);
  between.write("hunter2, correct horse.");
  between.pass();
  CHECK(between.seen() == "***, ***.");
}

TEST_CASE("nobody reads: the stream is closed, and that is no failure") {
  ::signal(SIGPIPE, SIG_IGN);
  Between between;
  between.close_reader();
  between.write("text");
  between.pass();
  CHECK(between.stream().from() == -1);
  CHECK(between.stream().is_refused());
  CHECK(between.stream().failure() == 0);
  ::signal(SIGPIPE, SIG_DFL);
}

TEST_CASE("a full disk is a failure") {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (full.get() < 0) SKIP("because there is no /dev/full");
  auto in = make_pipe();
  REQUIRE(::write(in->writing.get(), "x", 1) == 1);
  MaskedStream stream(std::move(in->reading), full.get(), {});
  std::array<char, 16> room{};
  stream.pass(room);
  CHECK(stream.failure() == ENOSPC);
  CHECK(stream.from() == -1);
}

TEST_CASE("keys wait for a program that does not read") {
  auto keys = make_pipe();
  auto program = make_pipe();
  do_not_wait(program->writing.get());
  const std::string page(4096, 'x');
  std::size_t filled = 0;
  while (::write(program->writing.get(), page.data(), page.size()) > 0) filled += page.size();
  Keyboard keyboard(keys->reading.get(), program->writing.get());
  REQUIRE(::write(keys->writing.get(), "typed", 5) == 5);
  keyboard.read();
  CHECK(keyboard.wants_room());
  CHECK(!keyboard.wants_keys());
  std::string drained(filled, '\0');
  REQUIRE(::read(program->reading.get(), drained.data(), drained.size()) > 0);
  keyboard.write();
  CHECK(!keyboard.wants_room());
  CHECK(keyboard.wants_keys());
  keys->writing.close();
  keyboard.read();
  CHECK(keyboard.is_gone());
}

TEST_CASE("a program's end as shells have it") {
  CHECK(Change{.kind = Change::Kind::Exited, .number = 7}.exit_status() == 7);
  CHECK(Change{.kind = Change::Kind::Killed, .number = SIGTERM}.exit_status() == 143);
}

TEST_CASE("a signal's name") {
  CHECK(*parse_signal("HUP") == SIGHUP);
  CHECK(*parse_signal("sigterm") == SIGTERM);
  CHECK(*parse_signal("12") == SIGUSR2);
  for (const char* text : {"", "SIG", "KILL", "9", "0", "-1", "HUPP", "SIGSIGHUP"}) {
    INFO(text);
    CHECK(!parse_signal(text));
  }
}

}  // namespace
