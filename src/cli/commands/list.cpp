#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <locket/store.hpp>

#include "../failure.hpp"
#include "../json.hpp"
#include "../names.hpp"
#include "../program.hpp"
#include "../table.hpp"
#include "../terminal.hpp"
#include "../text.hpp"
#include "../when.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Arguments {
  std::string prefix = {};
  std::string format = {};
  bool long_form = false;
  bool deleted = false;
};

void define(CLI::App& command, Arguments& arguments) {
  command.add_option("PREFIX", arguments.prefix, "A folder of names: db")->type_name("");
  option::format(command, arguments.format, {"table", "json", "plain"})
      ->description("How the result is written (default: table on a terminal and with --long, plain elsewhere)");
  command.add_flag("-l,--long", arguments.long_form, "All metadata");
  command.add_flag("--deleted", arguments.deleted, "Secrets that were removed too");
}

std::string day(const std::optional<Clock::Wall>& time) {
  return time ? format_day(*time) : std::string();
}

std::string state(const SecretInfo& info, Clock::Wall now) {
  if (info.deleted) return "deleted";
  return info.metadata && info.metadata->expires && *info.metadata->expires <= now ? "expired" : "";
}

std::string tags(const Metadata& metadata) {
  std::string pairs;
  for (const auto& [key, value] : metadata.tags) {
    pairs += fmt::format("{}{}={}", pairs.empty() ? "" : " ", printable(key), printable(value));
  }
  return pairs;
}

std::vector<std::string> cells(const SecretInfo& info, bool long_form, Clock::Wall now) {
  const Metadata metadata = info.metadata.value_or(Metadata());
  std::vector<std::string> row{info.name.text(), info.current ? info.current->text() : std::string(), state(info, now),
                               day(metadata.updated), day(metadata.expires)};
  if (!long_form) return row;
  const std::string period = metadata.rotation_period ? format_duration(*metadata.rotation_period) : std::string();
  for (std::string cell : {printable(metadata.type), printable(metadata.provider), printable(metadata.status), period,
                           tags(metadata), printable(metadata.description)}) {
    row.push_back(std::move(cell));
  }
  return row;
}

std::string as_table(const std::vector<SecretInfo>& secrets, bool long_form) {
  std::vector<std::string> titles{"NAME", "VERSION", "STATE", "UPDATED", "EXPIRES"};
  if (long_form) {
    for (const char* title : {"TYPE", "PROVIDER", "STATUS", "ROTATE", "TAGS", "DESCRIPTION"})
      titles.emplace_back(title);
  }
  Table table(std::move(titles));
  const Clock::Wall now = system_clock()->now();
  for (const SecretInfo& info : secrets) table.add(cells(info, long_form, now), info.deleted);
  return table.text(table_style());
}

void write_secret(Json& json, const SecretInfo& info) {
  json.begin_object().member("name", info.name.text()).member("deleted", info.deleted);
  if (info.current) json.member("version", info.current->text());
  if (info.fields) json.member("fields", *info.fields);
  if (info.metadata) {
    json.key("metadata").begin_object();
    write_metadata(json, *info.metadata);
    json.end_object();
  }
  json.end_object();
}

SecretValue as_json(const std::vector<SecretInfo>& secrets, const std::vector<std::string>& unaddressable) {
  Json json;
  json.begin_object().key("secrets").begin_array();
  for (const SecretInfo& info : secrets) write_secret(json, info);
  json.end_array().member("unaddressable", unaddressable).end_object();
  return std::move(json).finish();
}

std::string as_names(const std::vector<SecretInfo>& secrets) {
  std::string text;
  for (const SecretInfo& info : secrets) text += info.name.text() + "\n";
  return text;
}

void tell_unaddressable(const std::vector<std::string>& names) {
  if (names.empty()) return;
  Output::note(fmt::format("{} without a name in locket: {}", counted(names.size(), "entry"), fmt::join(names, ", ")));
}

std::string chosen_format(const Arguments& arguments) {
  if (!arguments.format.empty()) return arguments.format;
  return arguments.long_form || is_terminal(STDOUT_FILENO) ? "table" : "plain";
}

// Names are enough for a plain list; what people and programs read has metadata where the store can tell them.
Result<int> run(Session& session, const Arguments& arguments) {
  if (arguments.long_form && arguments.format == "plain") {
    return usage("--long tells metadata, and a plain list has none", "leave one of them out, or take --format json");
  }
  auto store = session.open();
  if (!store) return std::move(store).error();
  const std::string format = chosen_format(arguments);
  const ListOptions options{.metadata = format != "plain" && (*store)->capabilities().list_metadata,
                            .deleted = arguments.deleted};
  std::vector<std::string> unaddressable;
  auto secrets = list_all(**store, arguments.prefix, options, &unaddressable);
  if (!secrets) return std::move(secrets).error();
  std::sort(secrets->begin(), secrets->end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  if (format != "json") tell_unaddressable(unaddressable);
  if (format == "table" && secrets->empty()) return session.out.say("no secrets"), 0;
  const auto print = [&] {
    if (format == "json") return Output::result(as_json(*secrets, unaddressable));
    return Output::result(format == "table" ? as_table(*secrets, arguments.long_form) : as_names(*secrets));
  };
  const auto written = print();
  return written ? Result<int>(0) : written.error();
}

}  // namespace

void add_list(Program& program) {
  program.command<Arguments>(
      program.root(),
      {.name = "list", .summary = "Names and metadata, never values", .example = "locket list db --long"}, define, run);
}

}  // namespace locket::cli
