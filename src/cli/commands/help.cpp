#include <fmt/format.h>

#include <locket/suggest.hpp>
#include <locket/version.hpp>

#include "../completion.hpp"
#include "../failure.hpp"
#include "../manual.hpp"
#include "../program.hpp"
#include "../text.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Completion {
  const CLI::App* root = nullptr;
  std::string shell = {};
};

struct Nothing {};

struct Help {
  const CLI::App* root = nullptr;
  std::vector<std::string> words = {};
  bool manual = false;
};

void define_completion(CLI::App& command, Completion& arguments) {
  arguments.root = command.get_parent();
  command.add_option("SHELL", arguments.shell, "bash, zsh or fish")->required()->type_name("bash|zsh|fish");
}

void define_nothing(CLI::App&, Nothing&) {}

void define_help(CLI::App& command, Help& arguments) {
  arguments.root = command.get_parent();
  command.add_option("COMMAND", arguments.words, "The command: key rotate")->type_name("");
  command.add_flag("--man", arguments.manual)->group("");
}

Result<int> written(Result<void> result) {
  return result ? Result<int>(0) : std::move(result).error();
}

Result<int> run_completion(Session&, const Completion& arguments) {
  const auto script = completion_script(arguments.shell, outline(*arguments.root));
  if (script) return written(Output::result(*script));
  return usage(fmt::format("there is no completion for '{}'", printable(arguments.shell)), "take bash, zsh or fish");
}

Result<int> run_version(Session&, const Nothing&) {
  return written(Output::result(fmt::format("locket {}\n", library_version())));
}

Result<int> run_help(Session&, const Help& arguments) {
  if (arguments.manual) return written(Output::result(manual_page(outline(*arguments.root))));
  const CLI::App* app = arguments.root;
  std::string path = "locket";
  for (const std::string& word : arguments.words) {
    const auto found = app->get_subcommands([&](const CLI::App* each) { return each->get_name() == word; });
    app = found.empty() ? nullptr : found.front();
    if (app == nullptr) {
      return usage(fmt::format("there is no command `{} {}`", path, printable(word)), "`locket help` lists them");
    }
    path += " " + word;
  }
  return written(Output::result(app->get_formatter()->make_help(app, path, CLI::AppFormatMode::Normal)));
}

}  // namespace

void add_help(Program& program) {
  program.command<Completion>(program.root(),
                              {.name = "completion",
                               .summary = "Print a shell's completion script",
                               .example = "source <(locket completion bash)"},
                              define_completion, run_completion);
  program.command<Nothing>(program.root(),
                           {.name = "version", .summary = "Print the version", .example = "locket version"},
                           define_nothing, run_version);
  program.command<Help>(program.root(),
                        {.name = "help", .summary = "Help for a command", .example = "locket help key rotate"},
                        define_help, run_help);
}

}  // namespace locket::cli
