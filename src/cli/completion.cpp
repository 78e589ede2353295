#include "completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "text.hpp"

namespace locket::cli {
namespace {

using Commands = std::vector<CommandOutline>;

constexpr const char* list_names = "locket --no-prompt list --format plain 2>/dev/null";

std::string option_names(const CommandOutline& command) {
  std::string text;
  for (const OptionOutline& option : command.options) text += fmt::format("{} ", fmt::join(option.names, " "));
  return text;
}

// "'get:--field' | 'get:-f'"; the star of an option that stands everywhere is bash's own.
std::string bash_pattern(const std::string& path, const OptionOutline& option) {
  std::string text;
  for (const std::string& name : option.names) {
    text += text.empty() ? "" : " | ";
    text += path.empty() ? fmt::format("*:{}", name) : in_quotes(fmt::format("{}:{}", path, name));
  }
  return text;
}

std::string bash_values(const Commands& commands) {
  std::string text;
  for (const CommandOutline& command : commands) {
    for (const OptionOutline& option : command.options) {
      if (option.value.empty()) continue;
      const std::string words =
          option.takes_file() ? "-f"
                              : fmt::format("-W {}", in_quotes(fmt::format("{}", fmt::join(option.choices(), " "))));
      text += fmt::format("    {}) _locket_reply {}; return ;;\n", bash_pattern(command.path, option), words);
    }
  }
  return text;
}

std::string bash_words(const CommandOutline& command) {
  if (!command.commands.empty()) return "-W " + in_quotes(fmt::format("{}", fmt::join(command.commands, " ")));
  if (command.takes_name()) return fmt::format("-W \"$({})\"", list_names);
  if (command.takes_file()) return "-f";
  const auto choices = command.positionals.empty() ? std::vector<std::string>() : command.positionals.front().choices();
  return "-W " + in_quotes(fmt::format("{}", fmt::join(choices, " ")));
}

std::string bash(const Commands& commands) {
  std::string paths;
  std::string options;
  std::string words;
  const std::string everywhere = option_names(commands.front());
  for (const CommandOutline& command : commands) {
    if (!command.path.empty())
      paths += (paths.empty() ? "" : " | ") +
               in_quotes((command.path.find(' ') == std::string::npos ? " " : "") + command.path);
    options += fmt::format("      {}) _locket_reply -W {} ;;\n", in_quotes(command.path),
                           in_quotes(option_names(command) + (command.path.empty() ? "" : everywhere)));
    words += fmt::format("    {}) _locket_reply {} ;;\n", in_quotes(command.path), bash_words(command));
  }
  return fmt::format(R"(# bash completion for locket; written by `locket completion bash`.
_locket_reply() {{ mapfile -t COMPREPLY < <(compgen "$@" -- "${{COMP_WORDS[COMP_CWORD]}}"); }}
_locket() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command ${{COMP_WORDS[i]}}" in
      {}) command=${{command:+$command }}${{COMP_WORDS[i]}} ;;
    esac
  done
  COMPREPLY=()
  case "$command:$previous" in
{}  esac
  if [[ $current == -* ]]; then
    case $command in
{}    esac
    return
  fi
  case $command in
{}  esac
}}
complete -F _locket locket
)",
                     paths, bash_values(commands), options, words);
}

std::string function_of(const CommandOutline& command) {
  std::string name = "_locket";
  if (!command.path.empty()) name += "_" + command.path;
  for (char& c : name) c = c == ' ' || c == '-' ? '_' : c;
  return name;
}

// Brackets and colons mean something to _arguments.
std::string zsh_text(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '[' || c == ']' || c == ':') result += '\\';
    result += c;
  }
  return result;
}

std::string zsh_value(const OptionOutline& option) {
  if (option.value.empty() && !option.takes_file()) return {};
  const std::string action = option.takes_file() ? "_files" : fmt::format("({})", fmt::join(option.choices(), " "));
  return fmt::format(":{}:{}", zsh_text(option.value), action);
}

std::string zsh_options(const CommandOutline& command) {
  std::string text;
  for (const OptionOutline& option : command.options) {
    for (const std::string& name : option.names) {
      text += fmt::format(" \\\n    {}",
                          in_quotes(fmt::format("*{}[{}]{}", name, zsh_text(option.help), zsh_value(option))));
    }
  }
  return text;
}

std::string zsh_group(const CommandOutline& command, const Commands& all) {
  std::string described;
  std::string cases;
  for (const std::string& name : command.commands) {
    const std::string path = command.path.empty() ? name : command.path + " " + name;
    for (const CommandOutline& each : all) {
      if (each.path != path) continue;
      described += " " + in_quotes(fmt::format("{}:{}", name, zsh_text(each.summary)));
      cases += fmt::format("      {}) {} ;;\n", name, function_of(each));
    }
  }
  return fmt::format(R"({}() {{
  local state line
  local -a commands=({})
  _arguments -C{} \
    '1: :->command' '*:: :->rest'
  case $state in
    command) _describe -t commands command commands ;;
    rest) case $words[1] in
{}    esac ;;
  esac
}}
)",
                     function_of(command), described, zsh_options(command), cases);
}

std::string zsh_command(const CommandOutline& command, const std::string& everywhere) {
  std::string words;
  if (command.takes_name()) words = " \\\n    '*:name:_locket_names'";
  if (command.takes_file()) words = " \\\n    '*:file:_files'";
  if (!command.positionals.empty() && !command.positionals.front().choices().empty()) {
    words = fmt::format(" \\\n    '1:{}:({})'", zsh_text(command.positionals.front().names.front()),
                        fmt::join(command.positionals.front().choices(), " "));
  }
  return fmt::format("{}() {{\n  _arguments{}{}{}\n}}\n", function_of(command), zsh_options(command), everywhere,
                     words);
}

std::string zsh(const Commands& commands) {
  std::string text = fmt::format(
      "#compdef locket\n# zsh completion for locket; written by `locket completion zsh`.\n"
      "_locket_names() {{ local -a names=(${{(f)\"$({})\"}}); compadd -a names; }}\n",
      list_names);
  const std::string everywhere = zsh_options(commands.front());
  for (const CommandOutline& command : commands) {
    text += command.commands.empty() ? zsh_command(command, everywhere) : zsh_group(command, commands);
  }
  return text + "if [ \"$funcstack[1]\" = _locket ]; then _locket \"$@\"; else compdef _locket locket; fi\n";
}

// Where a command's words are completed: "key rotate" is not "rotate".
std::string fish_condition(const CommandOutline& command, const Commands& all) {
  const std::size_t space = command.path.find(' ');
  if (space != std::string::npos) {
    return fmt::format("__fish_seen_subcommand_from {}; and __fish_seen_subcommand_from {}",
                       command.path.substr(0, space), command.path.substr(space + 1));
  }
  std::string condition = "__fish_seen_subcommand_from " + command.path;
  for (const CommandOutline& other : all) {
    if (other.path.ends_with(" " + command.path)) {
      condition += "; and not __fish_seen_subcommand_from " + other.path.substr(0, other.path.find(' '));
    }
  }
  return condition;
}

std::string fish_option(const OptionOutline& option, const std::string& condition) {
  std::string text = "complete -c locket";
  if (!condition.empty()) text += " -n " + in_quotes(condition, "\\'");
  for (const std::string& name : option.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.takes_file()) {
    text += " -r -F";
  } else if (!option.value.empty()) {
    text += " -x -a " + in_quotes(fmt::format("{}", fmt::join(option.choices(), " ")));
  }
  return text + " -d " + in_quotes(option.help, "\\'") + "\n";
}

std::string fish_words(const CommandOutline& command, const std::string& condition) {
  const std::string begin = fmt::format("complete -c locket -n {}", in_quotes(condition, "\\'"));
  if (command.takes_name()) return fmt::format("{} -a '({})'\n", begin, list_names);
  if (command.takes_file()) return begin + " -F\n";
  if (command.positionals.empty()) return {};
  return fmt::format("{} -a {}\n", begin,
                     in_quotes(fmt::format("{}", fmt::join(command.positionals.front().choices(), " "))));
}

std::string fish_commands(const CommandOutline& group, const Commands& all) {
  std::string text;
  const std::string words = fmt::format("{}", fmt::join(group.commands, " "));
  const std::string condition =
      group.path.empty()
          ? fmt::format("not __fish_seen_subcommand_from {}", words)
          : fmt::format("__fish_seen_subcommand_from {}; and not __fish_seen_subcommand_from {}", group.path, words);
  for (const CommandOutline& command : all) {
    const std::size_t space = command.path.rfind(' ');
    const std::string parent = space == std::string::npos ? "" : command.path.substr(0, space);
    if (command.path.empty() || parent != group.path) continue;
    text +=
        fmt::format("complete -c locket -n {} -a {} -d {}\n", in_quotes(condition),
                    command.path.substr(space == std::string::npos ? 0 : space + 1), in_quotes(command.summary, "\\'"));
  }
  return text;
}

std::string fish(const Commands& commands) {
  std::string text = "# fish completion for locket; written by `locket completion fish`.\ncomplete -c locket -f\n";
  for (const CommandOutline& command : commands) {
    const std::string condition = command.path.empty() ? "" : fish_condition(command, commands);
    for (const OptionOutline& option : command.options) text += fish_option(option, condition);
    text += command.commands.empty() ? fish_words(command, condition) : fish_commands(command, commands);
  }
  return text;
}

}  // namespace

std::optional<std::string> completion_script(std::string_view shell, const Commands& commands) {
  if (shell == "bash") return bash(commands);
  if (shell == "zsh") return zsh(commands);
  if (shell == "fish") return fish(commands);
  return std::nullopt;
}

}  // namespace locket::cli
