// Logged in to a real OpenBao, read, wrote, and was refused; then waits to be dumped (see core-dump.sh). What is there
// to be read, and who may, is prepared by another process, so that none of it was ever in this one.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <locket/backends/vault.hpp>

#include "conformance/vault_fixture.hpp"
#include "http/open.hpp"
#include "made_secret.hpp"

namespace {

using namespace locket;
using conformance::OpenBao;
using conformance::openbao;
using locket_test::made_secret;

constexpr std::uint64_t count = 60;  // of each kind of value
constexpr std::uint64_t first_held = 0x1'0000;
constexpr std::uint64_t first_released = 0x2'0000;
constexpr std::uint64_t first_written = 0x3'0000;
constexpr std::uint64_t first_refused = 0x4'0000;
constexpr std::uint64_t given_token = 0x5'0000;
constexpr std::uint64_t wrong_token = 0x6'0000;
constexpr std::uint64_t secret_id = 0x7'0000;
constexpr std::uint64_t wrong_secret_id = 0x8'0000;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(1);
}
template <class T>
T must(Result<T> result) {
  if (!result) give_up(result.error().to_string());
  return *std::move(result);
}
template <class T>
void must_fail(const Result<T>& result, ErrorCode code) {
  if (result) give_up("what was to fail did not");
  if (result.error().code() != code) give_up(result.error().to_string());
}

std::string file(const char* name) {
  const char* const folder = std::getenv("LOCKET_DUMP");
  if (folder == nullptr) give_up("core-dump.sh runs this");
  return fmt::format("{}/{}", folder, name);
}
std::string made(std::uint64_t number) {
  std::string text;
  locket_test::write_made(text, number);
  return text;
}

// ---- the other process ----

void write_file(const char* name, const std::string& text) {
  std::ofstream(file(name)) << text << '\n';
}

int prepare() {
  using enum http::Method;
  OpenBao& bao = openbao();
  bao.mount_kv("dumped");
  for (std::uint64_t i = 0; i < count; ++i) {
    bao.ask(Post, fmt::format("dumped/data/app/held-{}", i),
            fmt::format(R"({{"data":{{"value":"{}"}}}})", made(first_held + i)));
    bao.ask(Post, fmt::format("dumped/data/app/released-{}", i),
            fmt::format(R"({{"data":{{"user":"me","password":"{}"}}}})", made(first_released + i)));
  }
  bao.ask(Post, "sys/policies/acl/dumped",
          R"({"policy":"path \"dumped/data/app/*\" { capabilities = [\"create\", \"read\", \"update\"] }"})");
  bao.ask(Post, "auth/token/create", fmt::format(R"({{"id":"{}","policies":["dumped"]}})", made(given_token)));
  bao.ask(Post, "sys/auth/dumped-approle", R"({"type":"approle"})");
  bao.ask(Post, "auth/dumped-approle/role/app", R"({"token_policies":["dumped"]})");
  bao.ask(Post, "auth/dumped-approle/role/app/custom-secret-id",
          fmt::format(R"({{"secret_id":"{}"}})", made(secret_id)));
  const auto role = bao.ask(Get, "auth/dumped-approle/role/app/role-id");
  write_file("role-id", std::string(role.root()["data"]["role_id"].text()));
  write_file("secret-id", made(secret_id));
  write_file("wrong-secret-id", made(wrong_secret_id));
  return 0;
}

void prepare_elsewhere(const char* program) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl(program, program, "prepare", static_cast<char*>(nullptr));
    ::_exit(127);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child || status != 0) give_up("the server cannot be prepared");
}

// ---- this process ----

/// Notes the token that the server gave, so that the list can tell it: masked, or the note would be what is found.
class Noting final : public http::Transport {
 public:
  explicit Noting(std::shared_ptr<http::Transport> inner) : inner_(std::move(inner)) {}
  const std::string& noted() const { return masked_; }

 private:
  std::vector<Result<http::Response>> do_send_many(std::span<const http::Request> requests, const Call& call) override {
    for (const http::Request& request : requests) {
      for (const http::Header& header : request.headers) {
        if (header.name == "X-Vault-Token" && !header.secret.empty()) note(header.secret);
      }
    }
    return inner_->send_many(requests, call);
  }
  void note(std::string_view token) {
    masked_.clear();
    for (const char c : token) masked_.push_back(static_cast<char>(c ^ 0x55));
  }

  std::shared_ptr<http::Transport> inner_;
  std::string masked_;
};

vault::Options options(vault::Login login) {
  vault::Options options{
      .address = OpenBao::address(), .mount = "dumped", .name_space = "", .login = std::move(login), .is_kv2 = true};
  options.connection.ca_file = OpenBao::ca();
  return options;
}
vault::Login with_role(const char* secret_id_file) {
  return vault::AppRole{.mount = "dumped-approle",
                        .role_id = {.file = file("role-id")},
                        .secret_id = vault::Credential{.file = file(secret_id_file)}};
}
vault::Login with_made_token(std::uint64_t number) {
  return vault::GivenToken{.token = {.value = std::make_shared<const SecretValue>(made_secret(number))}};
}

std::vector<Secret> read(SecretStore& store, const char* kind, bool together) {
  std::vector<Name> names;
  names.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) names.push_back(must(Name::parse(fmt::format("app/{}-{}", kind, i))));
  std::vector<Secret> secrets;
  secrets.reserve(count);
  if (together) {
    std::vector<GetRequest> requests;
    requests.reserve(count);
    for (const Name& name : names) requests.push_back({.name = name});
    for (auto& secret : store.get_many(requests)) secrets.push_back(must(std::move(secret)));
  } else {
    for (const Name& name : names) secrets.push_back(must(store.get(name)));
  }
  return secrets;
}

void write(SecretStore& store) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string name = fmt::format("app/written-{}", i);
    const SecretValue value = made_secret(first_written + i);
    if (i % 2 == 0) {
      must(store.put(name, SecretData::bytes(value.clone())));
    } else {
      must(store.put(name, must(SecretData::fields({{"user", "me"}, {"password", value.expose()}}))));
    }
    must_fail(store.put(name, SecretData::bytes(value.clone()), {.condition = MustNotExist()}), ErrorCode::Conflict);
  }
}

void be_refused(SecretStore& store) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string name = fmt::format("locked/refused-{}", i);
    must_fail(store.put(name, SecretData::bytes(made_secret(first_refused + i))), ErrorCode::PermissionDenied);
  }
  must_fail(store.get("locked/refused-0"), ErrorCode::PermissionDenied);
  must_fail(must(vault::open(options(with_made_token(wrong_token))))->get("app/held-0"), ErrorCode::Unauthenticated);
  must_fail(must(vault::open(options(with_role("wrong-secret-id"))))->get("app/held-0"), ErrorCode::Unauthenticated);
}

int live(const char* program) {
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // where Yama allows only parents to attach
  prepare_elsewhere(program);
  const auto noting = std::make_shared<Noting>(must(http::open_transport({.ca_file = OpenBao::ca()})));
  auto of_role = options(with_role("secret-id"));
  of_role.transport = noting;
  const auto logged_in = must(vault::open(of_role));
  const auto given = must(vault::open(options(with_made_token(given_token))));
  const auto held = read(*logged_in, "held", true);
  static_cast<void>(read(*logged_in, "released", true));
  static_cast<void>(read(*given, "released", false));
  write(*logged_in);
  be_refused(*given);
  std::ofstream(file("issued")) << noting->noted();
  std::puts("ready");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return held.size() == count ? 0 : 1;
}

// ---- what to look for ----

int list(std::string_view kind) {
  if (kind == "held") locket_test::print_made(first_held, count);
  if (kind == "released") locket_test::print_made(first_released, count);
  if (kind == "written") locket_test::print_made(first_written, count);
  if (kind == "refused") locket_test::print_made(first_refused, count);
  if (kind == "given-token") locket_test::print_made(given_token, 1);
  if (kind == "wrong-token") locket_test::print_made(wrong_token, 1);
  if (kind == "secret-id") locket_test::print_made(secret_id, 1);
  if (kind == "wrong-secret-id") locket_test::print_made(wrong_secret_id, 1);
  if (kind == "issued-token") {
    std::ifstream masked(file("issued"));
    std::string token;
    for (char c = 0; masked.get(c);) token.push_back(static_cast<char>(c ^ 0x55));
    if (token.size() < 20) give_up("no token was noted");
    locket_test::print_halves(token);
  }
  return 0;
}

int expect() {
  for (const char* kind : {"held", "released", "written", "refused", "given-token", "issued-token", "wrong-token",
                           "secret-id", "wrong-secret-id"}) {
    fmt::print("ordinary {} 0\n", kind);
  }
  fmt::print("everything held {}\neverything given-token 2\neverything issued-token 2\n", 2 * count);
  for (const char* kind : {"released", "written", "refused", "wrong-token", "secret-id", "wrong-secret-id"}) {
    fmt::print("everything {} 0\n", kind);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "prepare") return prepare();
  if (what == "list") return list(argv[2]);
  if (what == "expect") return expect();
  return live(argv[0]);
}
