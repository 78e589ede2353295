#include <array>

#include <fmt/format.h>

#include <locket/all.hpp>

#include "../json.hpp"
#include "../program.hpp"
#include "../table.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Arguments {
  std::string format = {};
};

struct Ability {
  const char* title;
  const char* key;
  bool Capabilities::* member;
};
constexpr std::array abilities{Ability{.title = "WRITES", .key = "put", .member = &Capabilities::put},
                               Ability{.title = "REMOVES", .key = "remove", .member = &Capabilities::remove},
                               Ability{.title = "UNDELETE", .key = "undelete", .member = &Capabilities::undelete},
                               Ability{.title = "VERSIONS", .key = "versions", .member = &Capabilities::versions},
                               Ability{.title = "STAGES", .key = "stages", .member = &Capabilities::stages},
                               Ability{.title = "ROLLBACK", .key = "rollback", .member = &Capabilities::rollback},
                               Ability{.title = "METADATA", .key = "annotate", .member = &Capabilities::annotate},
                               Ability{.title = "EXPIRY", .key = "expiry", .member = &Capabilities::expiry},
                               Ability{.title = "BATCH", .key = "batch", .member = &Capabilities::batch},
                               Ability{.title = "LIST", .key = "list", .member = &Capabilities::list}};

void define(CLI::App& command, Arguments& arguments) {
  option::format(command, arguments.format, {"table", "json"});
}

const char* in_words(Cas cas) {
  switch (cas) {
    case Cas::None: return "none";
    case Cas::BestEffort: return "best-effort";
    case Cas::Linearizable: return "linearizable";
  }
  return "";
}

std::string as_table(const Registry& registry) {
  std::vector<std::string> titles{"URL"};
  for (const Ability& ability : abilities) titles.emplace_back(ability.title);
  titles.emplace_back("CONDITIONS");
  Table table(std::move(titles));
  for (const std::string& name : registry.schemes()) {
    const Capabilities& can = registry.find(name)->capabilities;
    std::vector<std::string> row{name + ":"};
    for (const Ability& ability : abilities) row.emplace_back(can.*ability.member ? "yes" : "-");
    row.emplace_back(in_words(can.cas));
    table.add(std::move(row));
  }
  return table.text(table_style());
}

SecretValue as_json(const Registry& registry) {
  Json json;
  json.begin_object().key("backends").begin_array();
  for (const std::string& name : registry.schemes()) {
    const Scheme& scheme = *registry.find(name);
    json.begin_object().member("scheme", name).member("options", scheme.options);
    json.key("capabilities").begin_object();
    for (const Ability& ability : abilities) json.member(ability.key, scheme.capabilities.*ability.member);
    json.member("cas", in_words(scheme.capabilities.cas)).member("max_value", scheme.capabilities.max_value);
    json.end_object().end_object();
  }
  json.end_array().end_object();
  return std::move(json).finish();
}

Result<int> run(Session&, const Arguments& arguments) {
  const Registry registry = default_registry();
  const auto written =
      arguments.format == "json" ? Output::result(as_json(registry)) : Output::result(as_table(registry));
  return written ? Result<int>(0) : written.error();
}

}  // namespace

void add_backends(Program& program) {
  program.command<Arguments>(
      program.root(),
      {.name = "backends", .summary = "What each kind of store that is built in can do", .example = "locket backends"},
      define, run);
}

}  // namespace locket::cli
