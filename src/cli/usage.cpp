#include "usage.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <locket/suggest.hpp>

#include "failure.hpp"
#include "program.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

std::vector<std::string> subcommands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* each : app.get_subcommands({})) {
    if (!each->get_group().empty()) names.push_back(each->get_name());
  }
  return names;
}

std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* each = &app; each != nullptr; each = each->get_parent()) {
    for (const CLI::Option* option : each->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        if (!option->get_group().empty()) names.push_back("--" + name);
      }
    }
  }
  return names;
}

std::string command_line(const CLI::App& app) {
  return app.get_parent() == nullptr ? "locket" : command_line(*app.get_parent()) + " " + app.get_name();
}

// What other tools call it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> other_names{{{"ls", "list"},
                                                                                    {"delete", "rm"},
                                                                                    {"remove", "rm"},
                                                                                    {"read", "get"},
                                                                                    {"show", "get"},
                                                                                    {"put", "set"},
                                                                                    {"write", "set"},
                                                                                    {"exec", "run"},
                                                                                    {"inject", "resolve"}}};

std::string question(const std::string& word, const std::vector<std::string>& known) {
  const auto* other = std::ranges::find(other_names, word, &std::pair<std::string_view, std::string_view>::first);
  const bool is_other = other != other_names.end() && std::ranges::find(known, other->second) != known.end();
  const auto meant = is_other ? std::optional<std::string>(other->second) : suggest(word, known);
  return meant ? fmt::format("did you mean '{}'? ", *meant) : std::string();
}

Error unknown_command(const CLI::App& at, const std::string& word) {
  return usage(fmt::format("'{}' is not a command of `{}`", printable(word), command_line(at)),
               fmt::format("{}`{} --help` lists them", question(word, subcommands_of(at)), command_line(at)));
}

// Of "-pSECRET" and "--password=SECRET" the name alone is told.
Error unknown_option(const CLI::App& at, const std::string& word) {
  const std::string option = word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
  return usage(fmt::format("`{}` has no option '{}'", command_line(at), printable(option)),
               fmt::format("{}`{} --help` lists them", question(option, options_of(at)), command_line(at)));
}

std::string lowered(std::string text) {
  const bool word = text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0;
  if (word) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace

Error explain_usage(const CLI::App& root, const CLI::ParseError& failure) {
  const CLI::App& at = given_command(root);
  const std::vector<std::string> rest = root.remaining(true);
  const auto option =
      std::find_if(rest.begin(), rest.end(), [](auto& word) { return word.size() > 1 && word[0] == '-'; });
  if (option != rest.end()) return unknown_option(at, *option);
  if (!rest.empty() && !subcommands_of(at).empty()) return unknown_command(at, rest.front());
  const std::string hint = fmt::format("`{} --help` shows how", command_line(at));
  if (!rest.empty()) return usage(fmt::format("`{}` got more arguments than it takes", command_line(at)), hint);
  return usage(lowered(failure.what()), hint);
}

}  // namespace locket::cli
