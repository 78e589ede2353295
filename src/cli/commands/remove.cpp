#include <fmt/format.h>

#include <locket/store.hpp>

#include "../failure.hpp"
#include "../names.hpp"
#include "../program.hpp"
#include "../prompt.hpp"
#include "../text.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Removal {
  std::string name = {};
  bool purge = false;
  bool yes = false;
};

struct Undeletion {
  std::string name = {};
};

void define_removal(CLI::App& command, Removal& arguments) {
  option::name(command, arguments.name);
  command.add_flag("--purge", arguments.purge, "For good, with all versions; asks first");
  command.add_flag("-y,--yes", arguments.yes, "Do not ask");
}

void define_undeletion(CLI::App& command, Undeletion& arguments) {
  option::name(command, arguments.name);
}

// What cannot be undone is confirmed.
Result<void> confirm(const Session& session, const Removal& arguments) {
  if (arguments.yes) return {};
  if (session.may_ask()) {
    return ask_for_yes(fmt::format("Destroy every version of {}?", printable(arguments.name)));
  }
  return usage(fmt::format("'{}' would be gone for good", printable(arguments.name)), "add --yes to mean it");
}

// What was removed softly comes back, but for a current version that was destroyed before: no other takes its place.
std::string after_removal(const Session& session, SecretStore& store, const std::string& name) {
  std::string removed = "removed " + name;
  if (store.capabilities().versions) {
    const auto newest = store.versions(name, {.limit = 1});
    if (!newest) return removed;
    if (!newest->items.empty() && newest->items.front().state == VersionInfo::State::Destroyed) {
      return removed + "; its current version was destroyed before, and does not come back";
    }
  }
  return fmt::format("{}; `{}` brings it back", removed, session.command("undelete " + name));
}

Result<int> run_removal(Session& session, const Removal& arguments) {
  auto opened = session.open();
  if (!opened) return std::move(opened).error();
  SecretStore& store = **opened;
  const bool for_good = arguments.purge || !store.capabilities().soft_delete;
  if (for_good && store.capabilities().remove) {
    if (auto yes = confirm(session, arguments); !yes) return std::move(yes).error();
  }
  auto removed = arguments.purge ? store.purge(arguments.name) : store.remove(arguments.name);
  if (!removed) return with_suggestion(store, std::move(removed).error(), arguments.name);
  session.out.say(for_good ? "destroyed " + arguments.name : after_removal(session, store, arguments.name));
  return 0;
}

Result<int> run_undeletion(Session& session, const Undeletion& arguments) {
  auto store = session.open();
  if (!store) return std::move(store).error();
  auto undeleted = (*store)->undelete(arguments.name);
  if (!undeleted) return with_suggestion(**store, std::move(undeleted).error(), arguments.name);
  session.out.say(fmt::format("{} is back", arguments.name));
  return 0;
}

}  // namespace

void add_remove(Program& program) {
  program.command<Removal>(
      program.root(),
      {.name = "rm", .summary = "Remove a secret, for good with --purge", .example = "locket rm db/password"},
      define_removal, run_removal);
  program.command<Undeletion>(
      program.root(),
      {.name = "undelete", .summary = "Bring back what rm took", .example = "locket undelete db/password"},
      define_undeletion, run_undeletion);
}

}  // namespace locket::cli
