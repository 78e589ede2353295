#include "http_fake.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace locket_test {
namespace {

using Pipe = std::array<int, 2>;

Pipe open_pipe() {
  Pipe ends = {};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return ends;
}

std::string make_folder() {
  std::string folder = (std::filesystem::temp_directory_path() / "http-fake-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder");
  return folder;
}

pid_t start(const std::string& folder, const Pipe& input, const Pipe& output) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::dup2(input[0], STDIN_FILENO);
  ::dup2(output[1], STDOUT_FILENO);
  ::execlp("python3", "python3", "-B", LOCKET_HTTP_FAKE, folder.c_str(), static_cast<char*>(nullptr));
  ::_exit(127);
}

std::string read_all_until(int output, std::string_view end) {
  std::string text;
  std::array<char, 256> piece = {};
  while (!text.ends_with(end)) {
    const ssize_t size = ::read(output, piece.data(), piece.size());
    if (size <= 0) return {};
    text.append(piece.data(), static_cast<std::size_t>(size));
  }
  return text;
}

// "NAME NUMBER" lines, until "ready 0"; none when that does not come.
std::map<std::string, int> read_numbers(int output) {
  std::istringstream lines(read_all_until(output, "ready 0\n"));
  ::close(output);
  std::map<std::string, int> numbers;
  std::string name;
  for (int number = 0; lines >> name >> number;) numbers[name] = number;
  return numbers;
}

}  // namespace

const HttpFake& HttpFake::get() {
  static const HttpFake fake;
  return fake;
}

HttpFake::HttpFake() : folder_(make_folder()) {
  const Pipe input = open_pipe();
  const Pipe output = open_pipe();
  child_ = start(folder_, input, output);
  ::close(input[0]);
  ::close(output[1]);
  its_input_ = input[1];
  numbers_ = read_numbers(output[0]);
  if (!numbers_.empty()) return;
  std::filesystem::remove_all(folder_);
  throw std::runtime_error("the HTTP fake does not start: it needs python3 with cryptography");
}

HttpFake::~HttpFake() {
  ::close(its_input_);
  while (::waitpid(child_, nullptr, 0) < 0) {
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string HttpFake::origin(const std::string& listener) const {
  const bool plain = listener == "plain" || listener == "elsewhere" || listener == "refused";
  return (plain ? "http://127.0.0.1:" : "https://127.0.0.1:") + std::to_string(port(listener));
}

}  // namespace locket_test
