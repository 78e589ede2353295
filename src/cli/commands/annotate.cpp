#include <fmt/format.h>

#include <locket/store.hpp>

#include "../failure.hpp"
#include "../metadata_options.hpp"
#include "../names.hpp"
#include "../program.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Arguments {
  std::string name = {};
  MetadataOptions metadata = {};
};

void define(CLI::App& command, Arguments& arguments) {
  option::name(command, arguments.name);
  add_options(command, arguments.metadata);
}

Result<int> run(Session& session, const Arguments& arguments) {
  auto patch = parse_patch(arguments.metadata, system_clock()->now());
  if (!patch) return std::move(patch).error();
  if (!*patch) return usage("nothing to change was given", "say what: --description 'the main database'");
  auto store = session.open();
  if (!store) return std::move(store).error();
  auto annotated = (*store)->annotate(arguments.name, **patch);
  if (!annotated) return with_suggestion(**store, std::move(annotated).error(), arguments.name);
  session.out.say(fmt::format("annotated {}", arguments.name));
  return 0;
}

}  // namespace

void add_annotate(Program& program) {
  program.command<Arguments>(program.root(),
                             {.name = "annotate",
                              .summary = "Change metadata without a new version",
                              .example = "locket annotate db/password --expires 90d --tag team=core"},
                             define, run);
}

}  // namespace locket::cli
