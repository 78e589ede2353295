#include "program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <locket/version.hpp>

#include "commands.hpp"
#include "failure.hpp"
#include "terminal.hpp"
#include "usage.hpp"

namespace locket::cli {
namespace {

constexpr const char* description =
    "Keeps an application's secrets, and gives them to it: in an encrypted file, mounted files or the environment "
    "today, "
    "in another store tomorrow.";

constexpr const char* footer =
    "Example:\n"
    "  locket init                       a new encrypted store, and its key\n"
    "  locket set db/password            asks for the value\n"
    "  locket get db/password\n"
    "\n"
    "Exit status: 0 done, 1 other errors, 2 usage, 3 cancelled, 4 refused or a wrong key, 5 not there, 6 unreachable,\n"
    "7 damaged, 8 a condition did not hold.";

// A command takes the root's options, too.
class Formatter final : public CLI::Formatter {
 public:
  std::string make_footer(const CLI::App* app) const override {
    std::string text = CLI::Formatter::make_footer(app);
    const CLI::App* root = app;
    while (root->get_parent() != nullptr) root = root->get_parent();
    if (root == app) return text;
    const auto globals = root->get_options([&](const CLI::Option* option) {
      return option != root->get_help_ptr() && option != root->get_version_ptr() && !option->get_group().empty();
    });
    return make_group("Options of every command", false, globals).substr(1) + '\n' + text;
  }
};

void define_globals(CLI::App& root, Session& session) {
  root.set_help_flag("-h,--help", "Show this help");
  root.set_version_flag("--version", std::string("locket ") + library_version(), "Show the version");
  root.add_option("-s,--store", session.store_option, "The store's URL or alias (default: $LOCKET_STORE)")
      ->type_name("STORE");
  root.add_option("--config", session.config_option, "The configuration file (default: $LOCKET_CONFIG)")
      ->type_name("FILE");
  root.add_flag("-q,--quiet", session.out.quiet, "Say nothing but results, notes and errors");
  root.add_flag("-v,--verbose", session.verbose, "Tell requests and timings, never values");
  root.add_flag("--no-prompt", session.no_prompt, "Never ask at the terminal: fail instead");
}

int report(const Error& error) {
  Output::raw(explain(error, may_colour(STDERR_FILENO)));
  return exit_status(error);
}

}  // namespace

const CLI::App& given_command(const CLI::App& root) {
  const auto given = root.get_subcommands();
  return given.empty() ? root : given_command(*given.front());
}

Program::Program() : root_(description, "locket") {
  root_.require_subcommand(0, 1);
  root_.option_defaults()->group("Options");
  root_.formatter(std::make_shared<Formatter>());
  root_.get_formatter()->column_width(34);
  root_.get_formatter()->label("Positionals", "Arguments");
  root_.get_formatter()->label("SUBCOMMAND", "COMMAND");
  root_.get_formatter()->label("REQUIRED", "(required)");
  root_.footer(footer);
  define_globals(root_, session_);
  for (const AddCommands add_commands : command_table()) add_commands(*this);
}

// An option of the root may stand behind the command too. `--help` is each command's own.
CLI::App& Program::add(CLI::App& parent, const CommandText& text) {
  CLI::App& added = *parent.add_subcommand(text.name, text.summary);
  added.group("Commands")->fallthrough()->require_subcommand(0, 1);
  added.set_help_flag("-h,--help", "Show this help");
  const std::string notes(text.notes);
  added.footer(notes + (notes.empty() ? "" : "\n") + "Example:\n  " + text.example);
  return added;
}

CLI::App& Program::group(const CommandText& text) {
  return *add(root_, text).require_subcommand(1);
}

int Program::run(int argc, const char* const* argv) {
  try {
    root_.parse(argc, argv);
  } catch (const CLI::CallForVersion& asked) {
    const auto written = Output::result(std::string(asked.what()) + "\n");
    return written ? 0 : report(written.error());
  } catch (const CLI::CallForHelp&) {
    const auto written = Output::result(root_.help());
    return written ? 0 : report(written.error());
  } catch (const CLI::ParseError& failure) {
    return report(explain_usage(root_, failure));
  }
  if (!chosen_) {
    const auto written = Output::result(root_.help());
    return written ? 0 : report(written.error());
  }
  const auto status = chosen_();
  return status ? *status : report(status.error());
}

namespace option {

CLI::Option* name(CLI::App& command, std::string& name) {
  return command.add_option("NAME", name, "The secret's name: db/password")->required()->type_name("");
}

CLI::Option* format(CLI::App& command, std::string& format, const std::vector<std::string>& forms) {
  return command.add_option("--format", format, "How the result is written")
      ->type_name(fmt::format("{}", CLI::detail::join(forms, "|")))
      ->check([forms](const std::string& given) {
        const bool known = std::find(forms.begin(), forms.end(), given) != forms.end();
        return known ? std::string() : fmt::format("must be one of {}", CLI::detail::join(forms, ", "));
      });
}

}  // namespace option

}  // namespace locket::cli
