#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include <locket/store.hpp>

#include "../failure.hpp"
#include "../fields.hpp"
#include "../input.hpp"
#include "../json.hpp"
#include "../metadata_options.hpp"
#include "../names.hpp"
#include "../program.hpp"
#include "../text.hpp"
#include "../value_source.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Arguments {
  std::string name = {};
  std::vector<std::string> refused = {};
  std::vector<std::string> fields = {};
  std::string if_version = {};
  std::string format = {};
  ValueSource source = {};
  MetadataOptions metadata = {};
};

// A value on the command line is taken only to be refused, without being quoted. These options are not shown.
void define(CLI::App& command, Arguments& arguments) {
  option::name(command, arguments.name);
  command.add_option("VALUE", arguments.refused)->group("")->expected(0, -1);
  command.add_option("--value", arguments.refused)->group("")->expected(0, -1);
  add_options(command, arguments.source);
  command.add_option("--field", arguments.fields, "Set this field and leave the others; F=@FILE reads it from a file")
      ->type_name("F[=@FILE]")
      ->expected(1)
      ->take_all();
  command
      .add_option("--if-version", arguments.if_version,
                  "Only when this is the current version; none: only when there is no such secret")
      ->type_name("V");
  option::format(command, arguments.format, {"plain", "json"});
  add_options(command, arguments.metadata);
}

Error value_as_argument(const char* what) {
  return usage(fmt::format("{} is not taken from the command line, where others see it", what),
               "pipe it in, use --from-file FILE, or leave it out and be asked; what was typed is in the shell's "
               "history now, so change that secret");
}

bool names_file(const std::string& field) {
  return field.find("=@") != std::string::npos;
}

Result<void> check(const Arguments& arguments) {
  if (!arguments.refused.empty()) return value_as_argument("a value");
  std::size_t unnamed = 0;
  for (const std::string& field : arguments.fields) {
    if (names_file(field)) continue;
    if (field.find('=') != std::string::npos) return value_as_argument("a field's value");
    ++unnamed;
  }
  if (unnamed > 1 && arguments.source.is_one_value()) {
    return usage("one value cannot be that of several fields", "name a file for each: --field K=@FILE");
  }
  return {};
}

Result<Field> read_field(const Session& session, const Arguments& arguments, const std::string& text) {
  const std::size_t end = text.find("=@");
  ValueSource source = arguments.source;
  if (end != std::string::npos) source = {.from_file = text.substr(end + 2), .generate = {}, .chomp = source.chomp};
  Field field{.name = text.substr(0, end)};
  auto value = read_value(session, source, fmt::format("{} of {}", printable(field.name), printable(arguments.name)));
  if (!value) return std::move(value).error();
  field.value = std::move(*value);
  return field;
}

Result<std::vector<Field>> read_fields(const Session& session, const Arguments& arguments) {
  std::vector<Field> fields;
  for (const std::string& text : arguments.fields) {
    auto field = read_field(session, arguments, text);
    if (!field) return std::move(field).error();
    fields.push_back(std::move(*field));
  }
  return fields;
}

// The fields that there are stay, so what was read must still be current when it is written.
Result<SecretData> add_to_present(SecretStore& store, const std::string& name, const std::vector<Field>& fields,
                                  Condition& condition) {
  auto present = store.get(name);
  if (!present) {
    const ErrorCode code = present.error().code();
    if (code != ErrorCode::NotFound && code != ErrorCode::Deleted) return std::move(present).error();
    return SecretData::fields(fields);
  }
  if (present->kind() != SecretData::Kind::Fields && !present->field_names()) {
    return usage(fmt::format("'{}' holds a plain value and no fields", printable(name)),
                 "set it without --field, or remove it first");
  }
  const bool unconditional = std::holds_alternative<std::monostate>(condition);
  if (unconditional && store.capabilities().cas != Cas::None && present->version()) condition = *present->version();
  return with_fields(present->value().expose(), fields);
}

Result<SecretData> make_data(const Session& session, SecretStore& store, const Arguments& arguments,
                             Condition& condition) {
  if (!arguments.fields.empty()) {
    auto fields = read_fields(session, arguments);
    if (!fields) return std::move(fields).error();
    return add_to_present(store, arguments.name, *fields, condition);
  }
  auto value = read_value(session, arguments.source, printable(arguments.name));
  if (!value) return std::move(value).error();
  return SecretData::bytes(std::move(*value));
}

Result<void> tell(const Session& session, const Arguments& arguments, const Version& version) {
  if (arguments.format != "json") {
    session.out.say(fmt::format("set {}{}", arguments.name, version_in_words(version)));
    return {};
  }
  Json json;
  json.begin_object().member("name", arguments.name).member("version", version.text()).end_object();
  return Output::result(std::move(json).finish());
}

// What can be refused is refused before anybody is asked for a value.
Result<int> run(Session& session, const Arguments& arguments) {
  if (auto good = check(arguments); !good) return std::move(good).error();
  if (auto name = NameView::parse(arguments.name); !name) return std::move(name).error();
  auto patch = parse_patch(arguments.metadata, system_clock()->now());
  if (!patch) return std::move(patch).error();
  auto store = session.open();
  if (!store) return std::move(store).error();
  if (!(*store)->capabilities().put) return read_only(**store);
  PutOptions options{.condition = parse_condition(arguments.if_version), .metadata = std::move(*patch)};
  auto data = make_data(session, **store, arguments, options.condition);
  if (!data) return std::move(data).error();
  auto version = (*store)->put(arguments.name, *data, options);
  if (!version) return std::move(version).error();
  const auto told = tell(session, arguments, *version);
  return told ? Result<int>(0) : told.error();
}

}  // namespace

void add_set(Program& program) {
  program.command<Arguments>(program.root(),
                             {.name = "set",
                              .summary = "Store a value: from standard input, a file, a generator, or asked for",
                              .example = "locket set db/password\n"
                                         "  locket set api/key --from-file key.txt --chomp --expires 90d\n"
                                         "  locket set db --field password --generate length=24"},
                             define, run);
}

}  // namespace locket::cli
