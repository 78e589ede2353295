#include "outline.hpp"

namespace locket::cli {
namespace {

OptionOutline outline_of(const CLI::Option& option) {
  OptionOutline result{.help = option.get_description(), .required = option.get_required()};
  if (option.get_positional()) result.names.push_back(option.get_name(true));
  if (option.nonpositional()) {
    for (const std::string& name : option.get_snames()) result.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) result.names.push_back("--" + name);
    if (option.get_type_size() != 0) result.value = option.get_type_name();
  }
  return result;
}

void add(std::vector<CommandOutline>& all, const CLI::App& app, const std::string& path) {
  CommandOutline command{.path = path, .summary = app.get_description(), .footer = app.get_footer()};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    (option->get_positional() ? command.positionals : command.options).push_back(outline_of(*option));
  }
  std::vector<const CLI::App*> subcommands;
  for (const CLI::App* each : app.get_subcommands({})) {
    if (!each->get_group().empty()) subcommands.push_back(each);
  }
  for (const CLI::App* each : subcommands) command.commands.push_back(each->get_name());
  all.push_back(std::move(command));
  for (const CLI::App* each : subcommands)
    add(all, *each, path.empty() ? each->get_name() : path + " " + each->get_name());
}

}  // namespace

std::vector<std::string> OptionOutline::choices() const {
  std::vector<std::string> result;
  if (value.find('|') != std::string::npos) result = CLI::detail::split(value, '|');
  return result;
}

std::vector<CommandOutline> outline(const CLI::App& root) {
  std::vector<CommandOutline> all;
  add(all, root, "");
  return all;
}

}  // namespace locket::cli
