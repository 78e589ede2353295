#include <set>

#include <fmt/format.h>

#include <locket/store.hpp>

#include "../failure.hpp"
#include "../import_file.hpp"
#include "../interrupt.hpp"
#include "../json.hpp"
#include "../program.hpp"
#include "../progress.hpp"
#include "../text.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Arguments {
  std::string file = {};
  std::string format = {};
  std::string prefix = {};
  bool overwrite = false;
  bool dry_run = false;
};

void define(CLI::App& command, Arguments& arguments) {
  command.add_option("FILE", arguments.file, "A .env or JSON file; - is standard input")->required()->type_name("");
  option::format(command, arguments.format, {"env", "json"})
      ->description("What the file is (default: json when it is called so, else env)");
  command.add_option("--prefix", arguments.prefix, "The folder that the names go into: myapp")->type_name("P");
  command.add_flag("--overwrite", arguments.overwrite, "Write a new version of what is there already");
  command.add_flag("-n,--dry-run", arguments.dry_run, "Say what would be done, and do nothing");
}

struct Secret {
  Name name;
  SecretData data;
};

// Everything is looked at before anything is written.
Result<std::vector<Secret>> named(std::vector<Imported> imported, const std::string& prefix_text) {
  auto prefix = Prefix::parse(prefix_text);
  if (!prefix) return std::move(prefix).error();
  std::vector<Secret> secrets;
  std::set<std::string> seen;
  for (Imported& each : imported) {
    auto view = NameView::parse(each.name);
    if (!view) return std::move(view).error();
    auto name = prefix->join(*view);
    if (!name) return std::move(name).error();
    if (!seen.insert(name->text()).second) {
      return usage(fmt::format("'{}' stands twice in the file", name->text()), "take one out");
    }
    secrets.push_back({.name = std::move(*name), .data = std::move(each.data)});
  }
  return secrets;
}

Result<std::vector<Secret>> read_secrets(const Arguments& arguments) {
  const bool json = arguments.format.empty() ? arguments.file.ends_with(".json") : arguments.format == "json";
  auto imported = json ? read_json_file(arguments.file) : read_env_file(arguments.file);
  if (!imported) return std::move(imported).error();
  return named(std::move(*imported), arguments.prefix);
}

// Whether it was, or would be, written; false: one of that name is there, and stays.
Result<bool> import_one(SecretStore& store, const Secret& secret, const Arguments& arguments) {
  const bool conditional = store.capabilities().cas != Cas::None;
  if (!arguments.overwrite && (arguments.dry_run || !conditional)) {
    const auto info = store.stat(secret.name);
    if (info) return false;
    if (info.error().code() != ErrorCode::NotFound) return info.error();
  }
  if (arguments.dry_run) return true;
  PutOptions options;
  if (!arguments.overwrite && conditional) options.condition = MustNotExist{};
  auto version = store.put(secret.name, secret.data, options);
  if (version) return true;
  if (!arguments.overwrite && version.error().code() == ErrorCode::Conflict) return false;
  return std::move(version).error();
}

struct Counts {
  std::size_t written = 0;
  std::size_t kept = 0;
};

std::string in_words(const Counts& counts, bool dry_run) {
  return fmt::format("{}{}, {} kept", counted(counts.written, "secret"), dry_run ? " would be imported" : " imported",
                     counts.kept);
}

Result<Counts> import_all(const Session& session, SecretStore& store, const std::vector<Secret>& secrets,
                          const Arguments& arguments) {
  Counts counts;
  Interrupt interrupt;
  Progress progress(session.out, "importing");
  for (const Secret& secret : secrets) {
    if (interrupt.happened()) {
      return cancelled(fmt::format("interrupted: {}", in_words(counts, arguments.dry_run)),
                       "repeat the command: what is there already is kept");
    }
    auto written = import_one(store, secret, arguments);
    if (!written) return std::move(written).error();
    ++(*written ? counts.written : counts.kept);
    if (!*written || arguments.dry_run) {
      session.out.say(fmt::format("{} {}", *written ? "would import" : "kept", secret.name.text()));
    }
    progress.at(counts.written + counts.kept, secrets.size());
  }
  return counts;
}

Result<int> run(Session& session, const Arguments& arguments) {
  auto secrets = read_secrets(arguments);
  if (!secrets) return std::move(secrets).error();
  auto store = session.open();
  if (!store) return std::move(store).error();
  auto counts = import_all(session, **store, *secrets, arguments);
  if (!counts) return std::move(counts).error();
  session.out.say(in_words(*counts, arguments.dry_run));
  return 0;
}

}  // namespace

void add_import(Program& program) {
  program.command<Arguments>(program.root(),
                             {.name = "import",
                              .summary = "Store what a .env or JSON file holds",
                              .example = "locket import .env --prefix myapp --dry-run"},
                             define, run);
}

}  // namespace locket::cli
