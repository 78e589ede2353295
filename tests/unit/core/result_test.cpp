#include <locket/result.hpp>

#include <csignal>
#include <memory>
#include <sstream>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <sys/wait.h>
#include <unistd.h>

using namespace locket;

namespace {

Error not_found() {
  return Error({.code = ErrorCode::NotFound, .message = "no secret named 'a'", .hint = "list the names"});
}

TEST_CASE("an error says its place, and its causes one by one") {
  Error bad_port({.message = "no number", .hint = "write digits"});
  bad_port.details().place = Place{.file = "app.yaml", .line = 12, .column = 3, .path = "db.port"};
  CHECK(bad_port.to_string() == "app.yaml:12:3: db.port: no number; hint: write digits");

  const Error both({.message = "2 errors in app.yaml"}, {bad_port, not_found()});
  CHECK(both.to_string() ==
        "2 errors in app.yaml\n"
        "app.yaml:12:3: db.port: no number; hint: write digits\n"
        "no secret named 'a'; hint: list the names");
  const Error copy = both;
  CHECK(copy.causes().at(1).code() == ErrorCode::NotFound);
}

TEST_CASE("a place says what is known of it") {
  CHECK(Place{}.to_string().empty());
  CHECK(Place{.line = 3, .column = 4}.to_string() == "3:4");
  CHECK(Place{.file = "a.env", .line = 3}.to_string() == "a.env:3");
  CHECK(Place{.path = "db.port"}.to_string() == "db.port");
  CHECK(Place{.file = "a\nb", .line = 1, .path = "\x1b[2J\xC3\xA9\x7f"}.to_string() ==
        "a\\x0Ab:1: \\x1B[2J\xC3\xA9\\x7F");
}

}  // namespace

TEST_CASE("a result holds a value or an error") {
  Result<int> good = 3;
  Result<int> bad = not_found();
  CHECK(good.ok());
  CHECK(*good == 3);
  CHECK_FALSE(bad);
  CHECK(bad.error().code() == ErrorCode::NotFound);
  CHECK(Result<int>(not_found()).value_or(7) == 7);
  CHECK(Result<void>().ok());
  CHECK(Result<void>(not_found()).error().message() == "no secret named 'a'");
}

TEST_CASE("a result takes what converts to its value, and moves it out") {
  struct Base {
    virtual ~Base() = default;
  };
  struct Derived : Base {};
  const Result<std::shared_ptr<Base>> store = std::make_shared<Derived>();
  CHECK(store.ok());
  Result<std::unique_ptr<int>> owned = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = std::move(owned).value();
  CHECK(*taken == 5);
}

TEST_CASE("an error is one pointer wide, and a copy is independent") {
  CHECK(sizeof(Error) == sizeof(void*));
  Error error = not_found();
  const Error copy = error;
  error.details().message = "changed";
  CHECK(copy.message() == "no secret named 'a'");
}

TEST_CASE("an error reads as a sentence and its hint") {
  std::ostringstream out;
  out << not_found();
  CHECK(out.str() == "no secret named 'a'; hint: list the names");
}

TEST_CASE("the kind says what may be tried again, unless the details know better") {
  for (ErrorCode code : {ErrorCode::Throttled, ErrorCode::Unavailable, ErrorCode::Network, ErrorCode::Timeout}) {
    CHECK(Error({.code = code}).retryable());
    CHECK_FALSE(Error({.code = code, .retryable = false}).retryable());
  }
  for (ErrorCode code : {ErrorCode::NotFound, ErrorCode::PermissionDenied, ErrorCode::Unauthenticated,
                         ErrorCode::Integrity, ErrorCode::Conflict}) {
    CHECK_FALSE(Error({.code = code}).retryable());
  }
}

TEST_CASE("taking the value of a failed result ends the program") {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::close(STDERR_FILENO);
    const Result<int> bad = not_found();
    const int value = *bad;
    ::_exit(value);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
}
