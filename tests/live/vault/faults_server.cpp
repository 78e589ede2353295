#include "faults_server.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http/open.hpp"

namespace locket_test {
namespace {

using conformance::OpenBao;
using locket::http::Method;

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (socket < 0 || ::bind(socket, generic, size) != 0 || ::getsockname(socket, generic, &size) != 0) {
    throw std::runtime_error("no port is free");
  }
  ::close(socket);
  return ::ntohs(address.sin_port);
}

std::string make_folder() {
  std::string folder = (std::filesystem::temp_directory_path() / "durable-openbao-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder");
  return folder;
}

}  // namespace

DurableOpenBao::DurableOpenBao()
    : transport_(
          locket::http::open_transport({.ca_file = OpenBao::ca(), .retry = {.attempts = 1}, .breaker = {.failures = 0}})
              .value()),
      folder_(make_folder()) {
  const int port = free_port();
  address_ = fmt::format("https://127.0.0.1:{}", port);
  const auto certificates = std::filesystem::path(OpenBao::ca()).parent_path();
  std::ofstream(folder_ + "/config.hcl") << fmt::format(
      R"(storage "file" {{ path = "{}/data" }}
listener "tcp" {{
  address = "127.0.0.1:{}"
  tls_cert_file = "{}"
  tls_key_file = "{}"
}}
api_addr = "{}"
disable_mlock = true
)",
      folder_, port, (certificates / "vault-cert.pem").string(), (certificates / "vault-key.pem").string(), address_);
  start();
}

DurableOpenBao::~DurableOpenBao() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void DurableOpenBao::start() {
  const char* const program = std::getenv("LOCKET_OPENBAO");
  if (program == nullptr) throw std::runtime_error("LOCKET_OPENBAO names no program");
  const std::string config = "-config=" + folder_ + "/config.hcl";
  const std::string log_file = folder_ + "/log";
  server_ = ::fork();
  if (server_ == 0) {
    const int output = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (output < 0) ::_exit(127);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execl(program, program, "server", config.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  wait_for("sys/seal-status", 200);
  if (key_.empty()) initialize();
  ask(Method::Put, "sys/unseal", fmt::format(R"({{"key":"{}"}})", key_));
  wait_for("sys/health", 200);
}

void DurableOpenBao::kill() {
  if (server_ == 0) return;
  ::kill(server_, SIGKILL);
  while (::waitpid(server_, nullptr, 0) < 0) {
  }
  server_ = 0;
}

void DurableOpenBao::initialize() {
  const auto keys = ask(Method::Put, "sys/init", R"({"secret_shares":1,"secret_threshold":1})");
  key_ = keys.root()["keys"].children().at(0).text();
  token_ = keys.root()["root_token"].text();
}

locket::http::Response DurableOpenBao::try_to(Method method, const std::string& path, const std::string& body) {
  locket::http::Request request{.method = method, .origin = address_, .target = "/v1/" + path, .body = body};
  request.headers.push_back({.name = "X-Vault-Token", .secret = token_});
  auto answer = transport_->send(request);
  return answer ? *std::move(answer) : locket::http::Response();
}

locket::http::Json DurableOpenBao::ask(Method method, const std::string& path, const std::string& body) {
  auto answer = try_to(method, path, body);
  if (answer.status < 200 || answer.status > 299) {
    throw std::runtime_error(fmt::format("{} answers {}: {}", path, answer.status, answer.body.view()));
  }
  if (answer.body.empty()) answer.body.append("{}");
  return locket::http::Json::parse(std::move(answer.body)).value();
}

void DurableOpenBao::wait_for(const std::string& path, int status) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (try_to(Method::Get, path, {}).status != status) {
    const bool ended = ::waitpid(server_, nullptr, WNOHANG) == server_;
    if (ended) server_ = 0;
    if (ended || std::chrono::steady_clock::now() > until) throw std::runtime_error("OpenBao does not start: " + log());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // another process cannot be given a clock
  }
}

std::string DurableOpenBao::log() const {
  std::ifstream file(folder_ + "/log");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace locket_test
