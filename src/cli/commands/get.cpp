#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include <locket/store.hpp>

#include "../failure.hpp"
#include "../json.hpp"
#include "../names.hpp"
#include "../program.hpp"
#include "../terminal.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Arguments {
  std::string name = {};
  std::string version = {};
  std::string field = {};
  std::string format = {};
};

void define(CLI::App& command, Arguments& arguments) {
  option::name(command, arguments.name);
  command.add_option("--version", arguments.version, "An earlier version (see `locket versions`)")->type_name("V");
  command.add_option("-f,--field", arguments.field, "One field of a secret that has fields")->type_name("FIELD");
  option::format(command, arguments.format, {"plain", "json"});
}

void write_bytes(Json& json, std::string_view bytes) {
  if (is_utf8(bytes)) {
    json.member("value", bytes);
  } else {
    json.member("value_base64", base64(bytes).expose());
  }
}

SecretValue as_json(const Arguments& arguments, const Secret& secret, const std::optional<SecretValue>& field) {
  Json json;
  json.begin_object().member("name", arguments.name);
  if (secret.version()) json.member("version", secret.version()->text());
  if (field) {
    json.member("field", arguments.field);
    write_bytes(json, field->expose());
  } else if (secret.kind() == SecretData::Kind::Fields) {
    json.key("fields").raw(secret.value().expose());
  } else {
    write_bytes(json, secret.value().expose());
  }
  json.key("metadata").begin_object();
  write_metadata(json, secret.metadata());
  json.end_object().end_object();
  return std::move(json).finish();
}

// To the byte; on a terminal a newline follows, so that the next prompt stands on a line of its own.
Result<void> write_plain(const SecretValue& value) {
  if (auto written = Output::result(value); !written) return written;
  return is_terminal(STDOUT_FILENO) && !value.expose().ends_with('\n') ? Output::result("\n") : Result<void>();
}

Result<int> run(Session& session, const Arguments& arguments) {
  auto store = session.open();
  if (!store) return std::move(store).error();
  GetOptions options;
  if (!arguments.version.empty()) options.which = Version(arguments.version);
  auto secret = (*store)->get(arguments.name, options);
  if (!secret) return with_suggestion(**store, std::move(secret).error(), arguments.name);
  std::optional<SecretValue> field;
  if (!arguments.field.empty()) {
    auto found = secret->field(arguments.field);
    if (!found) return std::move(found).error();
    field = std::move(*found);
  }
  const auto written = arguments.format == "json" ? Output::result(as_json(arguments, *secret, field))
                                                  : write_plain(field ? *field : secret->value());
  return written ? Result<int>(0) : written.error();
}

}  // namespace

void add_get(Program& program) {
  program.command<Arguments>(
      program.root(),
      {.name = "get", .summary = "Print a secret's value, byte for byte", .example = "locket get db --field password"},
      define, run);
}

}  // namespace locket::cli
