#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace locket::cli {

/// An option as help, manual and completions tell it.
struct OptionOutline {
  /// "-f", "--field"; a positional's "NAME".
  std::vector<std::string> names = {};
  /// What its value is called, empty for a flag: "FILE", "plain|json".
  std::string value = {};
  std::string help = {};
  bool required = false;

  /// The values that there are, where the definition lists them.
  std::vector<std::string> choices() const;
  bool takes_file() const { return value == "FILE" || (names.front() == "FILE"); }
};

/// A command.
struct CommandOutline {
  /// "key rotate"; empty for the program itself.
  std::string path = {};
  std::string summary = {};
  /// "Example:" and what follows.
  std::string footer = {};
  std::vector<OptionOutline> options = {};
  std::vector<OptionOutline> positionals = {};
  /// The commands that it has: last words of their paths.
  std::vector<std::string> commands = {};

  bool takes_name() const { return !positionals.empty() && positionals.front().names.front() == "NAME"; }
  bool takes_file() const { return !positionals.empty() && positionals.front().takes_file(); }
};

/// The program and its commands, in the help's order, each before those that it has. Hidden ones are left out.
std::vector<CommandOutline> outline(const CLI::App& root);

}  // namespace locket::cli
