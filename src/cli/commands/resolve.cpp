#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include <locket/resolver/resolver.hpp>

#include "../document.hpp"
#include "../failure.hpp"
#include "../program.hpp"
#include "../references.hpp"
#include "../text.hpp"
#include "../whole_file.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Arguments {
  std::string file = {};
  std::optional<std::string> out = {};
  std::string format = {};

  bool to_file() const { return out && *out != "-"; }
};

void define(CLI::App& command, Arguments& arguments) {
  command.add_option("FILE", arguments.file, "A file with references; - is standard input")->required()->type_name("");
  command
      .add_option("-o,--output", arguments.out,
                  "Where the result goes (default: standard output): written whole or not at all, mode 0600")
      ->type_name("OUT");
  option::document_format(command, arguments.format)
      ->description("What FILE is (default: auto, what its name says, or else OUT's)");
}

// Whoever does that loses the references, and commits the secrets.
Result<void> keep_references(const Arguments& arguments) {
  std::error_code unknown;
  const std::string file = arguments.file == "-" ? "/dev/stdin" : arguments.file;
  if (!arguments.to_file() || !std::filesystem::equivalent(file, *arguments.out, unknown)) return {};
  return usage(
      fmt::format("'{}' is the file with the references: the result would take its place", printable(*arguments.out)),
      "give the result another name");
}

Result<int> run(Session& session, const Arguments& arguments) {
  if (auto kept = keep_references(arguments); !kept) return std::move(kept).error();
  const auto document = read_document(arguments.file, arguments.format, arguments.out.value_or(""));
  if (!document) return document.error();
  const auto resolver = make_resolver(session);
  if (!resolver) return resolver.error();
  const auto resolved = resolver->resolve_document(document->text.view(), *document->format, document->name);
  if (!resolved) return resolved.error();
  const auto written =
      arguments.to_file() ? write_whole_file(*arguments.out, resolved->expose()) : Output::result(resolved->expose());
  return written ? Result<int>(0) : written.error();
}

}  // namespace

void add_resolve(Program& program) {
  program.command<Arguments>(program.root(),
                             {.name = "resolve",
                              .summary = "Print a file with its references replaced by secrets",
                              .example = "locket resolve app.yaml -o /run/app/app.yaml"},
                             define, run);
}

}  // namespace locket::cli
