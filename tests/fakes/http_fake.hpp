#pragma once

#include <map>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace locket_test {

/// tests/fakes/http_fake.py, started by the first test that asks for it and ended with the program. What it can do is
/// said there.
class HttpFake {
 public:
  static const HttpFake& get();

  /// "https://127.0.0.1:PORT" of a listener; http:// for those that speak it.
  std::string origin(const std::string& listener) const;
  int port(const std::string& listener) const { return numbers_.at(listener); }
  /// A file that it made: "ca.pem".
  std::string file(std::string_view name) const { return folder_ + '/' + std::string(name); }
  /// How many bytes /reset/N and /cut/N have in all.
  int whole() const { return numbers_.at("whole"); }

  HttpFake(const HttpFake&) = delete;
  HttpFake& operator=(const HttpFake&) = delete;

 private:
  HttpFake();
  ~HttpFake();

  std::string folder_;
  pid_t child_ = -1;
  int its_input_ = -1;
  std::map<std::string, int> numbers_;
};

}  // namespace locket_test
