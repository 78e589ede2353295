#include <locket/resolver/config.hpp>

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <locket/suggest.hpp>

#include "core/printable.hpp"
#include "resolver/config_path.hpp"
#include "resolver/config_scalar.hpp"
#include "resolver/config_tree.hpp"

namespace locket::inline v1 {
namespace {

using resolver::ConfigEntry;
using resolver::ConfigTree;
using resolver::EntryKind;
using resolver::is_within;
using resolver::joined;
using resolver::Misread;
using resolver::Path;
using resolver::PathStep;
using resolver::to_string;

constexpr std::size_t max_told = 10;

using Entries = std::map<Path, ConfigEntry>;

// The first entry at or below `path`, the end when there is none.
Entries::const_iterator first_within(const Entries& entries, const Path& path) {
  const auto it = entries.lower_bound(path);
  return it != entries.end() && is_within(path, it->first) ? it : entries.end();
}

// What stands directly below `path`, in order.
std::vector<PathStep> steps_below(const Entries& entries, const Path& path) {
  std::vector<PathStep> steps;
  for (auto it = first_within(entries, path); it != entries.end() && is_within(path, it->first); ++it) {
    if (it->first.size() == path.size()) break;
    const PathStep& step = it->first[path.size()];
    if (steps.empty() || steps.back() != step) steps.push_back(step);
  }
  return steps;
}

std::string_view described(const ConfigEntry& entry) {
  if (entry.is_secret() && entry.kind == EntryKind::Untyped) return "a secret";
  switch (entry.kind) {
    case EntryKind::Integer: return "an integer";
    case EntryKind::Float: return "a number with a fraction";
    case EntryKind::Boolean: return "a boolean";
    case EntryKind::Null: return "null";
    case EntryKind::Json: return "a secret of JSON";
    default: return "text";
  }
}

Error no_value(std::string reason, std::string message, std::string hint, const ConfigEntry& entry) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = std::move(reason),
                .message = std::move(message),
                .hint = std::move(hint),
                .place = entry.place});
}

std::string type_hint(const ConfigEntry& entry, std::string_view wanted, std::string_view example) {
  const bool is_text = entry.kind == EntryKind::Text || entry.kind == EntryKind::Untyped;
  if (entry.is_secret()) return fmt::format("look at the secret: it must read like {}", example);
  if (wanted == "text") return "put it in quotes, or get it as what it is";
  if (wanted == "a duration") return fmt::format("write a number and its unit: {}", example);
  return is_text ? fmt::format("write it like {}, without quotes", example) : fmt::format("write it like {}", example);
}

Error misread(const ConfigEntry& entry, Misread why, std::string_view wanted, std::string_view example) {
  switch (why) {
    case Misread::LeadingZero:
      return no_value("config.type", "the integer begins with a zero, which is octal to some parsers",
                      "leave the zero out", entry);
    case Misread::Range:
      return no_value("config.range", fmt::format("{} is beyond what the program can hold", wanted), "", entry);
    case Misread::NotWhole:
      return no_value("config.range", "the duration is no whole number of the unit that the program counts in",
                      "round it", entry);
    default:
      return no_value("config.type", fmt::format("there is {}, where {} is wanted", described(entry), wanted),
                      type_hint(entry, wanted, example), entry);
  }
}

Error out_of_range(const ConfigEntry& entry, std::int64_t min, std::uint64_t max) {
  return no_value("config.range", fmt::format("the integer is not between {} and {}", min, max), "", entry);
}

}  // namespace

Config::Config(std::shared_ptr<const ConfigTree> tree, Path base) : tree_(std::move(tree)), base_(std::move(base)) {}

const std::vector<std::string>& Config::files() const noexcept {
  return tree_->files;
}

Result<const ConfigEntry*> Config::entry(std::string_view path) const {
  auto parsed = resolver::parse_path(path);
  if (!parsed) return std::move(parsed).error();
  const Path whole = joined(base_, *parsed);
  const auto found = first_within(tree_->entries, whole);
  if (found == tree_->entries.end()) return missing(whole);
  const ConfigEntry& entry = found->second;
  const bool is_within_it = found->first.size() > whole.size();
  if (is_within_it || entry.is_collection()) {
    const bool is_sequence = is_within_it ? std::holds_alternative<std::size_t>(found->first[whole.size()])
                                          : entry.kind == EntryKind::EmptySequence;
    return Error({.code = ErrorCode::InvalidArgument,
                  .reason = "config.type",
                  .message = fmt::format("'{}' is a {}, not a value", printable(to_string(whole)),
                                         is_sequence ? "sequence" : "mapping"),
                  .hint = is_within_it
                              ? fmt::format("ask for '{}', or for the section", printable(to_string(found->first)))
                              : "ask for the section, which is empty"});
  }
  if (entry.kind != EntryKind::Null) return &entry;
  return Error({.code = ErrorCode::NotFound,
                .reason = "config.missing",
                .message = "the value is null, which is none",
                .place = entry.place});
}

// What was meant, or what there is around it.
Error Config::missing(const Path& path) const {
  std::vector<std::string> known;
  for (const auto& [each, entry] : tree_->entries) {
    for (std::size_t size = base_.size() + 1; size <= each.size(); ++size) {
      auto text = to_string(Path(each.begin(), each.begin() + static_cast<std::ptrdiff_t>(size)));
      if (known.empty() || known.back() != text) known.push_back(std::move(text));
    }
  }
  std::string hint;
  if (const auto near = suggest(to_string(path), known)) {
    hint = fmt::format("did you mean '{}'?", printable(*near));
  } else {
    Path around = path;
    while (!around.empty() && first_within(tree_->entries, around) == tree_->entries.end()) around.pop_back();
    std::vector<std::string> names;
    for (const PathStep& step : steps_below(tree_->entries, around)) {
      names.push_back(names.size() == max_told ? "..." : printable(to_string(Path{step})));
      if (names.size() > max_told) break;
    }
    hint = around.empty() ? fmt::format("there are: {}", fmt::join(names, ", "))
                          : fmt::format("in '{}' are: {}", printable(to_string(around)), fmt::join(names, ", "));
  }
  return Error(
      {.code = ErrorCode::NotFound,
       .reason = "config.missing",
       .message = fmt::format(
           "there is no '{}' in {}", printable(to_string(path)),
           tree_->files.empty() ? "the configuration" : printable(fmt::format("{}", fmt::join(tree_->files, ", ")))),
       .hint = std::move(hint)});
}

Result<bool> Config::boolean(std::string_view path) const {
  const auto found = entry(path);
  if (!found) return found.error();
  const auto read = resolver::read_boolean(**found);
  if (read.misread != Misread::None) return misread(**found, read.misread, "a boolean", "true or false");
  return read.value;
}

Result<double> Config::number(std::string_view path) const {
  const auto found = entry(path);
  if (!found) return found.error();
  const auto read = resolver::read_number(**found);
  if (read.misread != Misread::None) return misread(**found, read.misread, "a number", "0.5");
  return read.value;
}

Result<std::uint64_t> Config::integer(std::string_view path, std::int64_t min, std::uint64_t max) const {
  const auto found = entry(path);
  if (!found) return found.error();
  const auto read = resolver::read_integer(**found);
  if (read.misread == Misread::Range) return out_of_range(**found, min, max);
  if (read.misread != Misread::None) return misread(**found, read.misread, "an integer", "8080");
  const auto [negative, magnitude] = read.value;
  const std::uint64_t lowest = std::uint64_t{0} - static_cast<std::uint64_t>(min);
  if (magnitude > (negative ? lowest : max)) return out_of_range(**found, min, max);
  return negative ? std::uint64_t{0} - magnitude : magnitude;
}

Result<std::int64_t> Config::duration(std::string_view path, std::int64_t unit, std::int64_t min,
                                      std::int64_t max) const {
  const auto found = entry(path);
  if (!found) return found.error();
  const auto read = resolver::read_duration(**found, unit);
  const bool beyond = read.value < min || read.value > max;
  const Misread why = read.misread == Misread::None && beyond ? Misread::Range : read.misread;
  if (why != Misread::None) return misread(**found, why, "a duration", "250ms, 30s, 5m or 2h");
  return read.value;
}

Result<std::string> Config::text(std::string_view path) const {
  const auto found = entry(path);
  if (!found) return found.error();
  const ConfigEntry& entry = **found;
  if (entry.is_secret()) {
    return no_value("config.secret", "the value is a secret, which is not copied into a string", "use secret()", entry);
  }
  const bool is_text = entry.kind == EntryKind::Text || entry.kind == EntryKind::Untyped;
  if (!is_text) return misread(entry, Misread::Type, "text", "");
  return std::string(entry.text());
}

Result<std::shared_ptr<const SecretValue>> Config::secret(std::string_view path) const {
  const auto found = entry(path);
  if (!found) return found.error();
  if (const auto* secret = std::get_if<1>(&(*found)->content)) return *secret;
  return std::make_shared<const SecretValue>((*found)->text());
}

bool Config::has(std::string_view path) const {
  const auto parsed = resolver::parse_path(path);
  if (!parsed) return false;
  const Path whole = joined(base_, *parsed);
  const auto found = first_within(tree_->entries, whole);
  if (found == tree_->entries.end()) return false;
  return found->first.size() > whole.size() || found->second.kind != EntryKind::Null;
}

bool Config::is_secret(std::string_view path) const {
  const auto found = entry(path);
  return found && (*found)->is_secret();
}

Result<Place> Config::place(std::string_view path) const {
  const auto found = entry(path);
  if (!found) return found.error();
  return (*found)->place;
}

Result<Path> Config::collection(std::string_view path) const {
  auto parsed = resolver::parse_path(path);
  if (!parsed) return parsed;
  Path whole = joined(base_, *parsed);
  const auto found = first_within(tree_->entries, whole);
  if (found == tree_->entries.end()) return whole == base_ ? Result<Path>(whole) : missing(whole);
  if (found->first.size() > whole.size() || found->second.is_collection()) return whole;
  return no_value("config.type",
                  fmt::format("there is {}, where a mapping or a sequence is wanted", described(found->second)), "",
                  found->second);
}

Result<Config> Config::section(std::string_view path) const {
  auto whole = collection(path);
  if (!whole) return std::move(whole).error();
  return Config(tree_, std::move(*whole));
}

Result<std::size_t> Config::size(std::string_view path) const {
  const auto whole = collection(path);
  if (!whole) return whole.error();
  return steps_below(tree_->entries, *whole).size();
}

Result<std::vector<std::string>> Config::keys(std::string_view path) const {
  const auto whole = collection(path);
  if (!whole) return whole.error();
  std::vector<std::string> keys;
  for (PathStep& step : steps_below(tree_->entries, *whole)) {
    if (auto* key = std::get_if<std::string>(&step)) keys.push_back(std::move(*key));
  }
  return keys;
}

std::vector<std::string> Config::paths() const {
  std::vector<std::string> paths;
  for (auto it = first_within(tree_->entries, base_); it != tree_->entries.end() && is_within(base_, it->first); ++it) {
    if (!it->second.is_value()) continue;
    paths.push_back(to_string(Path(it->first.begin() + static_cast<std::ptrdiff_t>(base_.size()), it->first.end())));
  }
  return paths;
}

}  // namespace locket::inline v1
