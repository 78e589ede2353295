#include "prompt.hpp"

#include <memory>
#include <new>

#include <fcntl.h>
#include <openssl/ui.h>

#include <locket/secret_buffer.hpp>

#include "descriptor.hpp"
#include "failure.hpp"

namespace locket::cli {
namespace {

// More than a terminal's line can hold.
constexpr int max_answer = 4096;

struct Freed {
  void operator()(UI* ui) const noexcept { UI_free(ui); }
};

// OpenSSL's terminal reader takes care of echo, signals and its own copies.
Result<SecretValue> ask(const std::string& question, int flags) {
  const std::unique_ptr<UI, Freed> ui(UI_new());
  if (!ui) throw std::bad_alloc();
  SecretBuffer answer;
  const std::span<char> room = answer.prepare(max_answer + 1);
  if (UI_add_input_string(ui.get(), question.c_str(), flags, room.data(), 0, max_answer) <= 0) throw std::bad_alloc();
  if (UI_process(ui.get()) != 0) return cancelled("nothing was answered at the terminal, and nothing was changed");
  answer.commit(static_cast<std::size_t>(UI_get_result_length(ui.get(), 0)));
  return std::move(answer).finish();
}

}  // namespace

bool can_ask() noexcept {
  return Descriptor(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)).get() >= 0;
}

Result<SecretValue> ask_hidden(const std::string& question) {
  return ask(question, 0);
}

Result<SecretValue> ask_hidden_twice(const std::string& question) {
  auto first = ask_hidden(question);
  if (!first) return first;
  if (first->empty()) return usage("nothing was typed", "an empty value can be stored with `--from-file /dev/null`");
  auto second = ask_hidden("Once more: ");
  if (!second) return second;
  if (*first != *second) return usage("the two answers differ", "try again");
  return first;
}

Result<void> ask_for_yes(const std::string& question) {
  auto answer = ask(question + " Type yes: ", UI_INPUT_FLAG_ECHO);
  if (!answer) return std::move(answer).error();
  if (answer->expose() != "yes") return cancelled("not confirmed, and nothing was changed");
  return {};
}

}  // namespace locket::cli
