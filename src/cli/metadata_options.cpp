#include "metadata_options.hpp"

#include <chrono>

#include <fmt/format.h>

#include "failure.hpp"
#include "output.hpp"
#include "text.hpp"
#include "when.hpp"

namespace locket::cli {
namespace {

constexpr const char* never = "never";

Change<std::string> text_change(const std::optional<std::string>& text) {
  if (!text) return {};
  if (text->empty()) return clear;
  return *text;
}

Result<Change<Clock::Wall>> expiry(const std::optional<std::string>& text, Clock::Wall now) {
  if (!text) return Change<Clock::Wall>();
  if (*text == never) return Change<Clock::Wall>(clear);
  auto when = parse_when(*text, now);
  if (!when) return std::move(when).error();
  if (*when <= now) Output::note(fmt::format("{} is past: the value is not released any more", format_time(*when)));
  return Change<Clock::Wall>(*when);
}

Result<Change<std::chrono::seconds>> period(const std::optional<std::string>& text) {
  if (!text) return Change<std::chrono::seconds>();
  if (*text == never) return Change<std::chrono::seconds>(clear);
  auto duration = parse_duration(*text);
  if (!duration) return std::move(duration).error();
  return Change<std::chrono::seconds>(*duration);
}

Result<Change<std::uint32_t>> days(const std::optional<std::string>& text) {
  if (!text) return Change<std::uint32_t>();
  if (*text == never) return Change<std::uint32_t>(clear);
  auto duration = parse_duration(*text);
  if (!duration) return std::move(duration).error();
  constexpr std::chrono::seconds day = std::chrono::days(1);
  if (*duration % day != std::chrono::seconds(0) || *duration / day > 3650) {
    return usage(fmt::format("--remind counts whole days, at most 3650, and not {}", printable(*text)), "write 14d");
  }
  return Change<std::uint32_t>(static_cast<std::uint32_t>(*duration / day));
}

Result<std::map<std::string, Change<std::string>>> tag_changes(const MetadataOptions& options) {
  std::map<std::string, Change<std::string>> changes;
  for (const std::string& tag : options.tags) {
    const std::size_t equals = tag.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return usage(fmt::format("--tag takes KEY=VALUE and not '{}'", printable(tag)), "write --tag team=core");
    }
    changes[tag.substr(0, equals)] = tag.substr(equals + 1);
  }
  for (const std::string& key : options.untags) changes[key] = clear;
  return changes;
}

}  // namespace

void add_options(CLI::App& command, MetadataOptions& options) {
  const auto add = [&](const char* name, auto& value, const char* type, const char* help) {
    command.add_option(name, value, help)->type_name(type)->group("Metadata");
  };
  add("--type", options.type, "TYPE", "What kind of credential: api_key, basic_auth, or a word of your own");
  add("--expires", options.expires, "WHEN", "Not released from then on: 2026-12-31, 90d, RFC 3339, never");
  add("--rotate-every", options.rotate_every, "DURATION", "How often it should be replaced: 90d, never");
  add("--remind", options.remind, "DAYS", "How long before that people are reminded: 14d, never");
  add("--description", options.description, "TEXT", "One line for people");
  add("--provider", options.provider, "WHO", "Who issued it: openai, postgres");
  add("--status", options.status, "WORD", "A word of your own: active, rotating");
  for (auto [name, value, type, help] : {std::tuple("--tag", &options.tags, "K=V", "A label; may be repeated"),
                                         std::tuple("--untag", &options.untags, "K", "Take a label away")}) {
    command.add_option(name, *value, help)->type_name(type)->group("Metadata")->expected(1)->take_all();
  }
}

Result<std::optional<MetadataPatch>> parse_patch(const MetadataOptions& options, Clock::Wall now) {
  auto expires = expiry(options.expires, now);
  if (!expires) return std::move(expires).error();
  auto rotation = period(options.rotate_every);
  if (!rotation) return std::move(rotation).error();
  auto reminder = days(options.remind);
  if (!reminder) return std::move(reminder).error();
  auto tags = tag_changes(options);
  if (!tags) return std::move(tags).error();
  MetadataPatch patch{.description = text_change(options.description),
                      .type = text_change(options.type),
                      .provider = text_change(options.provider),
                      .status = text_change(options.status),
                      .tags = std::move(*tags),
                      .expires = *expires,
                      .rotation_period = *rotation,
                      .reminder_days = *reminder};
  if (patch == MetadataPatch{}) return std::optional<MetadataPatch>();
  return std::optional(std::move(patch));
}

}  // namespace locket::cli
