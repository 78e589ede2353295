#include "manual.hpp"

#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <locket/version.hpp>

namespace locket::cli {
namespace {

constexpr const char* ending = R"(.SH JSON
.B \-\-format json
writes one document. Members may be added in later releases; those that there are keep their names and meanings.
Times are RFC 3339 in UTC, and what is not set is left out.
.TP
.B get
name, version, and one of value (text), value_base64 (bytes that are not UTF\-8) and fields (an object, as it is stored);
field, when one was asked for; metadata
.TP
.B list
secrets: name, deleted, version, fields (names), metadata; unaddressable: what has no name in locket
.TP
.B metadata
description, type, provider, status, tags, created, updated, expires, rotate_every (90d), last_rotated, remind_days
.TP
.B set
name, version
.TP
.B versions
name; versions: version, state (live, deleted, destroyed), current, created, stages
.TP
.B key status
store_id, kind (key, passphrase, provider), argon2id, provider, key_ref, key_epoch, generation; data_keys: id, state
(primary, decrypt\-only, destroyed), boxes
.TP
.B doctor
steps: step, ok, found, or code, reason, message and hint; milliseconds
.TP
.B backends
backends: scheme, options, capabilities
.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
other errors
.TP
.B 2
usage, an invalid argument, a limit exceeded
.TP
.B 3
cancelled: Ctrl\-C, or a question that was not answered with yes
.TP
.B 4
not logged in, refused, a wrong key
.TP
.B 5
no such secret, removed, or expired
.TP
.B 6
the store cannot be reached, or cannot answer now
.TP
.B 7
a damaged store, or one that was tampered with
.TP
.B 8
a condition did not hold
.SH ENVIRONMENT
.TP
.B LOCKET_STORE
The store's URL or alias, when
.B \-\-store
is not given; auto looks for one, and says what it found and chose.
.TP
.B LOCKET_CONFIG
The configuration file, which names stores by aliases, and the default one.
.TP
.B NO_COLOR
Set to anything: no colours.
.SH FILES
.TP
.I $XDG_CONFIG_HOME/locket/config.toml
The configuration file, when nothing names another (below ~/.config when the variable is not set).
.TP
.I $XDG_DATA_HOME/locket/store.db
The default store (below ~/.local/share when the variable is not set).
.TP
.I $XDG_CONFIG_HOME/locket/key
Its key (below ~/.config).
)";

// Backslashes and hyphens mean something everywhere, dots and quotes at the beginning of a line.
std::string escaped(std::string_view text) {
  std::string result;
  for (char c : text) {
    const bool at_start = result.empty() || result.back() == '\n';
    if (at_start && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  return result;
}

std::string options_of(const CommandOutline& command) {
  std::string text;
  for (const auto* list : {&command.positionals, &command.options}) {
    for (const OptionOutline& option : *list) {
      const std::string value = option.value.empty() ? "" : fmt::format(" \\fI{}\\fR", escaped(option.value));
      text += fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", escaped(fmt::format("{}", fmt::join(option.names, ", "))), value,
                          escaped(option.help));
    }
  }
  return text;
}

std::string positionals_of(const CommandOutline& command) {
  std::string text;
  for (const OptionOutline& each : command.positionals) {
    const std::string& name = each.names.front();
    text += each.required ? " " + name : fmt::format(" [{}]", name);
  }
  return text;
}

std::string example_of(const CommandOutline& command) {
  if (command.footer.empty()) return {};
  return fmt::format(".PP\n.EX\n{}\n.EE\n", escaped(command.footer));
}

std::string section_of(const CommandOutline& command) {
  return fmt::format(".SS \"{}{}\"\n{}.\n{}{}", escaped(command.path), escaped(positionals_of(command)),
                     escaped(command.summary), options_of(command), example_of(command));
}

}  // namespace

std::string manual_page(const std::vector<CommandOutline>& commands) {
  const CommandOutline& program = commands.front();
  std::string text = fmt::format(
      ".TH LOCKET 1 \"\" \"locket {}\" \"User Commands\"\n"
      ".SH NAME\nlocket \\- keep an application's secrets, and give them to it\n"
      ".SH SYNOPSIS\n.B locket\n[\\fIOPTIONS\\fR] \\fICOMMAND\\fR ...\n"
      ".SH DESCRIPTION\n{}\n.SH OPTIONS\n{}.SH COMMANDS\n",
      library_version(), escaped(program.summary), options_of(program));
  for (const CommandOutline& command : commands) {
    if (!command.path.empty() && command.commands.empty()) text += section_of(command);
  }
  return text + ending;
}

}  // namespace locket::cli
