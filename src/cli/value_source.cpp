#include "value_source.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <unistd.h>

#include "failure.hpp"
#include "input.hpp"
#include "prompt.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

constexpr const char* spec_forms =
    "write length=32,charset=alnum; a charset is alnum, hex, ascii, or the characters themselves";

std::string all_printable() {
  std::string set;
  for (char c = '!'; c <= '~'; ++c) set += c;
  return set;
}

std::string charset_of(std::string_view text) {
  if (text == "alnum") return PasswordSpec{}.charset;
  if (text == "hex") return "0123456789abcdef";
  if (text == "ascii") return all_printable();
  return std::string(text);
}

bool parse_length(std::string_view text, std::size_t& length) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), length);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

// The characters of a set go on to the end, unless what follows a comma is the other key.
std::string_view next_item(std::string_view text) {
  const std::size_t end = text.starts_with("charset=") ? text.find(",length=") : text.find(',');
  return text.substr(0, end);
}

Result<SecretValue> from_input(Result<SecretBuffer> input, const ValueSource& source, bool piped) {
  if (!input) return std::move(input).error();
  if (piped && input->empty()) {
    return usage("standard input is empty, so there is no value",
                 "pipe the value in, or store an empty one with `--from-file /dev/null`");
  }
  if (source.chomp) {
    chomp(*input);
  } else if (ends_in_newline(input->view())) {
    Output::note("the value ends in a newline, which is stored; --chomp drops it");
  }
  return std::move(*input).finish();
}

Error nobody_to_ask(const std::string& what) {
  return usage(fmt::format("there is no value for {}", what),
               "pipe it in, or name a file (--from-file F) or a generator (--generate length=32)");
}

}  // namespace

bool ValueSource::is_one_value() const {
  return generate.empty() && (!from_file.empty() || !is_terminal(STDIN_FILENO));
}

CLI::Option* add_generate(CLI::App& command, std::string& spec) {
  return command.add_option("--generate", spec, "Make the value up: length=32,charset=alnum|hex|ascii|CHARACTERS")
      ->type_name("SPEC");
}

void add_options(CLI::App& command, ValueSource& source) {
  CLI::Option* file =
      command.add_option("--from-file", source.from_file, "Read the value from a file (-: standard input)")
          ->type_name("FILE");
  add_generate(command, source.generate)->excludes(file);
  command.add_flag("--chomp", source.chomp, "Drop the newline at the value's end");
}

Result<PasswordSpec> parse_password_spec(std::string_view text) {
  PasswordSpec spec;
  bool length = false;
  bool charset = false;
  for (std::string_view rest = text;;) {
    const std::string_view item = next_item(rest);
    const bool first_length = item.starts_with("length=") && !std::exchange(length, true);
    const bool first_charset = item.starts_with("charset=") && !std::exchange(charset, true);
    if (first_charset) spec.charset = charset_of(item.substr(8));
    if (!first_charset && !(first_length && parse_length(item.substr(7), spec.length))) {
      return usage(fmt::format("--generate does not understand '{}'", printable(item)), spec_forms);
    }
    if (item.size() == rest.size()) return spec;
    rest.remove_prefix(item.size() + 1);
  }
}

Result<SecretValue> read_value(const Session& session, const ValueSource& source, const std::string& what) {
  if (!source.generate.empty()) {
    auto spec = parse_password_spec(source.generate);
    if (!spec) return std::move(spec).error();
    return generate_password(*spec);
  }
  if (!source.from_file.empty()) return from_input(read_file(source.from_file), source, source.from_file == "-");
  if (!is_terminal(STDIN_FILENO)) return from_input(read_standard_input(), source, true);
  if (!session.may_ask()) return nobody_to_ask(what);
  return ask_hidden_twice(fmt::format("Value for {}: ", what));
}

Result<SecretValue> read_new_passphrase(const Session& session) {
  if (!is_terminal(STDIN_FILENO)) {
    auto input = read_standard_input();
    if (!input) return std::move(input).error();
    chomp(*input);
    if (input->empty()) return usage("standard input is empty, so there is no passphrase", "pipe it in as one line");
    return std::move(*input).finish();
  }
  if (!session.may_ask()) return nobody_to_ask("the passphrase");
  return ask_hidden_twice("New passphrase: ");
}

}  // namespace locket::cli
