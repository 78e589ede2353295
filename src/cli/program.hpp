#pragma once

#include <functional>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include <locket/result.hpp>

#include "session.hpp"

namespace locket::cli {

/// What `help` says of a command.
struct CommandText {
  const char* name = "";
  /// One line, without a full stop.
  const char* summary = "";
  /// One command line, or several; they work as they stand.
  const char* example = "";
  /// What else there is to know, in whole lines; may be empty.
  const char* notes = "";
};

/// The commands, and which of them was given.
class Program {
 public:
  /// With every command of the table (commands.hpp).
  Program();

  /// Parses, runs, reports; returns the exit status.
  int run(int argc, const char* const* argv);

  CLI::App& root() noexcept { return root_; }

  /// Adds a command to `parent`. `define` names its options and where in `Arguments` their values go; `work` gets them
  /// parsed, and returns the exit status, or an error that is reported and decides the status.
  template <class Arguments>
  void command(CLI::App& parent, const CommandText& text, void (*define)(CLI::App&, Arguments&),
               Result<int> (*work)(Session&, const Arguments&)) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App& added = add(parent, text);
    define(added, *arguments);
    added.callback(
        [this, arguments, work] { chosen_ = [this, arguments, work] { return work(session_, *arguments); }; });
  }

  /// A command that only has commands of its own: "key".
  CLI::App& group(const CommandText& text);

 private:
  static CLI::App& add(CLI::App& parent, const CommandText& text);

  Session session_ = {};
  CLI::App root_;
  std::function<Result<int>()> chosen_ = {};
};

/// The command that was given, "key rotate" rather than "key"; `root` itself when there was none.
const CLI::App& given_command(const CLI::App& root);

/// Several commands have these, and each means the same everywhere.
namespace option {
/// The positional NAME.
CLI::Option* name(CLI::App& command, std::string& name);
/// --format with these forms, of which the first is written when the option is not given; "" stands for a choice that
/// depends on the terminal.
CLI::Option* format(CLI::App& command, std::string& format, const std::vector<std::string>& forms);
}  // namespace option

}  // namespace locket::cli
