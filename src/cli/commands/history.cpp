#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <locket/password.hpp>
#include <locket/rotate.hpp>
#include <locket/store.hpp>

#include "../failure.hpp"
#include "../json.hpp"
#include "../names.hpp"
#include "../program.hpp"
#include "../table.hpp"
#include "../terminal.hpp"
#include "../text.hpp"
#include "../value_source.hpp"
#include "../when.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Versions {
  std::string name = {};
  std::string format = {};
};

struct Rollback {
  std::string name = {};
  std::string version = {};
  std::string if_version = {};
};

struct Rotation {
  std::string name = {};
  std::string generate = {};
};

void define_versions(CLI::App& command, Versions& arguments) {
  option::name(command, arguments.name);
  option::format(command, arguments.format, {"table", "json", "plain"})
      ->description("How the result is written (default: table on a terminal, plain elsewhere)");
}

void define_rollback(CLI::App& command, Rollback& arguments) {
  option::name(command, arguments.name);
  command.add_option("VERSION", arguments.version, "The version whose value is to be current again")
      ->required()
      ->type_name("");
  command.add_option("--if-version", arguments.if_version, "Only when this is the current version")->type_name("V");
}

void define_rotation(CLI::App& command, Rotation& arguments) {
  option::name(command, arguments.name);
  add_generate(command, arguments.generate);
}

const char* in_words(VersionInfo::State state) {
  switch (state) {
    case VersionInfo::State::Live: return "live";
    case VersionInfo::State::Deleted: return "deleted";
    case VersionInfo::State::Destroyed: return "destroyed";
  }
  return "";
}

Result<std::vector<VersionInfo>> all_versions(SecretStore& store, const std::string& name) {
  std::vector<VersionInfo> all;
  ListOptions options;
  do {
    auto page = store.versions(name, options);
    if (!page) return std::move(page).error();
    std::move(page->items.begin(), page->items.end(), std::back_inserter(all));
    options.page = page->next;
  } while (!options.page.empty());
  return all;
}

std::string as_table(const std::vector<VersionInfo>& versions) {
  Table table({"VERSION", "CURRENT", "STATE", "CREATED", "STAGES"});
  for (const VersionInfo& info : versions) {
    table.add(
        {info.version.text(), info.current ? "*" : "", in_words(info.state),
         info.created ? format_time(*info.created) : std::string(), fmt::format("{}", fmt::join(info.stages, " "))},
        info.state != VersionInfo::State::Live);
  }
  return table.text(table_style());
}

SecretValue as_json(const std::string& name, const std::vector<VersionInfo>& versions) {
  Json json;
  json.begin_object().member("name", name).key("versions").begin_array();
  for (const VersionInfo& info : versions) {
    json.begin_object().member("version", info.version.text()).member("state", in_words(info.state));
    json.member("current", info.current).member("created", info.created).member("stages", info.stages).end_object();
  }
  json.end_array().end_object();
  return std::move(json).finish();
}

std::string as_lines(const std::vector<VersionInfo>& versions) {
  std::string text;
  for (const VersionInfo& info : versions) text += info.version.text() + "\n";
  return text;
}

Result<int> run_versions(Session& session, const Versions& arguments) {
  auto store = session.open();
  if (!store) return std::move(store).error();
  auto versions = all_versions(**store, arguments.name);
  if (!versions) return with_suggestion(**store, std::move(versions).error(), arguments.name);
  const auto print = [&] {
    if (arguments.format == "json") return Output::result(as_json(arguments.name, *versions));
    const bool table = arguments.format.empty() ? is_terminal(STDOUT_FILENO) : arguments.format == "table";
    return Output::result(table ? as_table(*versions) : as_lines(*versions));
  };
  const auto written = print();
  return written ? Result<int>(0) : written.error();
}

Result<int> run_rollback(Session& session, const Rollback& arguments) {
  auto store = session.open();
  if (!store) return std::move(store).error();
  const PutOptions options{.condition = parse_condition(arguments.if_version)};
  auto version = (*store)->rollback(arguments.name, Version(arguments.version), options);
  if (!version) return with_suggestion(**store, std::move(version).error(), arguments.name);
  session.out.say(fmt::format("{} is as it was in version {}{}", arguments.name, arguments.version,
                              version->text().empty() ? "" : ", now version " + version->text()));
  return 0;
}

Error has_fields(const Session& session, const std::string& name) {
  const std::string command = session.command(fmt::format("set {} --field FIELD --generate length=32", name));
  return usage(fmt::format("'{}' has fields, and a rotation replaces the whole value", name),
               "replace one: " + command);
}

Result<int> run_rotation(Session& session, const Rotation& arguments) {
  const auto spec =
      arguments.generate.empty() ? Result<PasswordSpec>(PasswordSpec()) : parse_password_spec(arguments.generate);
  if (!spec) return spec.error();
  auto name = NameView::parse(arguments.name);
  if (!name) return std::move(name).error();
  auto store = session.open();
  if (!store) return std::move(store).error();
  if (!(*store)->capabilities().put) return read_only(**store);
  auto info = (*store)->stat(*name);
  if (!info) return with_suggestion(**store, std::move(info).error(), arguments.name);
  if (info->fields && !info->deleted) return has_fields(session, arguments.name);
  const auto generate = [&]() -> Result<SecretData> {
    auto value = generate_password(*spec);
    if (!value) return std::move(value).error();
    return SecretData::bytes(std::move(*value));
  };
  auto version = rotate(**store, *name, generate);
  if (!version) return std::move(version).error();
  session.out.say(fmt::format("rotated {}{}", arguments.name, version_in_words(*version)));
  return 0;
}

}  // namespace

void add_history(Program& program) {
  program.command<Versions>(
      program.root(),
      {.name = "versions", .summary = "The versions of a secret", .example = "locket versions db/password"},
      define_versions, run_versions);
  program.command<Rollback>(program.root(),
                            {.name = "rollback",
                             .summary = "Make an earlier version's value current again",
                             .example = "locket rollback db/password 2"},
                            define_rollback, run_rollback);
  program.command<Rotation>(program.root(),
                            {.name = "rotate",
                             .summary = "Replace a value by a generated one",
                             .example = "locket rotate db/password --generate length=40"},
                            define_rotation, run_rotation);
}

}  // namespace locket::cli
