#include <optional>

#include <fmt/format.h>

#include "../child.hpp"
#include "../environment_resolver.hpp"
#include "../failure.hpp"
#include "../inherited_files.hpp"
#include "../program.hpp"
#include "../supervisor.hpp"
#include "../terminal.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Arguments {
  std::vector<std::string> files = {};
  std::vector<std::string> assignments = {};
  bool no_masking = false;
  bool watch = false;
  std::string interval = {};
  std::string signal = {};
  std::vector<std::string> words = {};
};

// CLI11 takes "[a,b]" apart, and `--` away, where an option may have extra values; so CMD's least number stands for
// any, which CLI11 does not insist on where all values are taken.
constexpr int any_number = 1 << 24;

void define(CLI::App& command, Arguments& arguments) {
  const auto several = [&](const char* name, std::vector<std::string>& values, const char* type, const char* help) {
    command.add_option(name, values, help)->type_name(type)->take_all()->allow_extra_args(false);
  };
  several("--env-file", arguments.files, "FILE",
          "Variables of a .env file, over those of the environment and of files before it");
  several("--env", arguments.assignments, "VAR=REF",
          "A variable, over all others: --env 'DB_PASSWORD=$<secret:db/password>'");
  command.add_flag("--no-masking", arguments.no_masking, "Become CMD, with nothing between it and its output");
  command.add_flag("--watch", arguments.watch, "Start CMD anew when a secret that it was given changes");
  command.add_option("--interval", arguments.interval, "With --watch: how often to look (default: 30s)")
      ->type_name("DURATION");
  command
      .add_option("--signal", arguments.signal,
                  "With --watch: send CMD this signal instead, so that it reads its secrets anew (its variables stay)")
      ->type_name("SIGNAL");
  command.add_option("CMD", arguments.words, "The program and its arguments, behind --")
      ->type_name("")
      ->take_all()
      ->expected(any_number, CLI::detail::expected_max_vector_size)
      ->allow_extra_args(false);
}

Result<void> check(const Arguments& arguments) {
  if (arguments.words.empty() || arguments.words.front().empty()) {
    return usage("there is no program to run", "write it behind --: locket run --env-file .env -- ./server --port 80");
  }
  if (arguments.watch && arguments.no_masking) {
    return usage("--watch and --no-masking exclude each other", "without masking nothing is left that could watch");
  }
  for (const auto& [option, value] : {std::pair("--interval", &arguments.interval), {"--signal", &arguments.signal}}) {
    if (!value->empty() && !arguments.watch) return usage(fmt::format("{} says how to --watch", option), "add --watch");
  }
  return {};
}

Result<WatchOptions> watch_options(const Arguments& arguments) {
  WatchOptions options;
  if (!arguments.interval.empty()) {
    auto interval = parse_interval(arguments.interval);
    if (!interval) return std::move(interval).error();
    options.interval = *interval;
  }
  if (!arguments.signal.empty()) {
    auto signal = parse_signal(arguments.signal);
    if (!signal) return std::move(signal).error();
    options.signal = *signal;
  }
  return options;
}

Result<int> run_masked(const Session& session, const Arguments& arguments, const EnvironmentResolver& resolver,
                       ResolvedEnvironment environment, const InheritedFiles& inherited) {
  const auto options = watch_options(arguments);
  if (!options) return options.error();
  auto supervisor = Supervisor::make(session.out, arguments.words, std::move(environment), inherited);
  if (!supervisor) return std::move(supervisor).error();
  if (arguments.watch && resolver.has_references()) {
    if (auto watched = supervisor->watch(resolver, *options); !watched) return std::move(watched).error();
  }
  return supervisor->run();
}

// A program that cannot be started gives the status that a shell gives.
Result<int> as_shell(Result<int> status) {
  if (status || status.error().reason() != exec_reason) return status;
  Output::raw(explain(status.error(), may_colour(STDERR_FILENO)));
  return exec_status(status.error());
}

Result<int> run(Session& session, const Arguments& arguments) {
  const InheritedFiles inherited = InheritedFiles::now();
  if (auto good = check(arguments); !good) return std::move(good).error();
  if (auto options = watch_options(arguments); !options) return std::move(options).error();
  auto variables = gather_variables(arguments.files, arguments.assignments);
  if (!variables) return std::move(variables).error();
  auto resolver = EnvironmentResolver::open(session, std::move(*variables));
  if (!resolver) return std::move(resolver).error();
  auto environment = resolver->resolve();
  if (!environment) return std::move(environment).error();
  if (!arguments.no_masking) {
    return as_shell(run_masked(session, arguments, *resolver, std::move(*environment), inherited));
  }
  return as_shell(become(arguments.words, EnvironmentBlock(environment->variables), inherited));
}

}  // namespace

void add_run(Program& program) {
  program.command<Arguments>(
      program.root(),
      {.name = "run",
       .summary = "Run a program with secrets in its environment",
       .example = "locket run --env 'DB_PASSWORD=$<secret:db/password>' -- sh -c 'echo \"it is $DB_PASSWORD\"'",
       .notes =
           "CMD gets the environment as it is, with what locket itself logs in with (VAULT_TOKEN, VAULT_SECRET_ID);\n"
           "`-- env -u VAULT_TOKEN CMD` keeps it from CMD. Files that the shell opens (3>FILE) reach CMD, too.\n"},
      define, run);
}

}  // namespace locket::cli
