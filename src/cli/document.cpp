#include "document.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include <locket/resolver/toml.hpp>
#include <locket/resolver/yaml.hpp>

#include "failure.hpp"
#include "input.hpp"
#include "program.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

struct Named {
  std::string_view name;
  resolver::FormatPtr (*make)();
};
constexpr std::array<Named, 5> formats{{{.name = "json", .make = resolver::json},
                                        {.name = "yaml", .make = resolver::yaml},
                                        {.name = "toml", .make = resolver::toml},
                                        {.name = "env", .make = resolver::dotenv},
                                        {.name = "text", .make = resolver::text}}};

// Null when none has this name.
resolver::FormatPtr format_by_name(std::string_view name) {
  const auto* found = std::find_if(formats.begin(), formats.end(), [&](auto& each) { return each.name == name; });
  return found == formats.end() ? nullptr : found->make();
}

resolver::FormatPtr format_by_file(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);
  for (const Named& each : formats) {
    auto format = each.make();
    if (format->names(file)) return format;
  }
  return nullptr;
}

Error no_format(const std::string& path) {
  const std::string what = path == "-" ? "standard input has no name that tells its format"
                                       : fmt::format("the name of '{}' does not tell its format", printable(path));
  return usage(what, "say which it is with --format: json, yaml, toml, env or text");
}

}  // namespace

CLI::Option* option::document_format(CLI::App& command, std::string& format) {
  return option::format(command, format, {"auto", "json", "yaml", "toml", "env", "text"})
      ->description("What FILE is (default: auto, what its name says)");
}

Result<Document> read_document(const std::string& path, const std::string& format, const std::string& result) {
  const bool by_name = format.empty() || format == "auto";
  resolver::FormatPtr known = by_name ? format_by_file(path) : format_by_name(format);
  if (known == nullptr) known = format_by_file(result);
  if (known == nullptr) return no_format(path);
  auto text = read_file(path);
  if (!text) return std::move(text).error();
  return Document{.name = path == "-" ? "<stdin>" : path, .format = std::move(known), .text = std::move(*text)};
}

}  // namespace locket::cli
