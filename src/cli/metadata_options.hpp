#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <locket/clock.hpp>
#include <locket/metadata.hpp>
#include <locket/result.hpp>

namespace locket::cli {

/// What `set` and `annotate` may say about a secret; none is left as it is.
struct MetadataOptions {
  std::optional<std::string> description = {};
  std::optional<std::string> type = {};
  std::optional<std::string> provider = {};
  std::optional<std::string> status = {};
  std::optional<std::string> expires = {};
  std::optional<std::string> rotate_every = {};
  std::optional<std::string> remind = {};
  std::vector<std::string> tags = {};
  std::vector<std::string> untags = {};
};

void add_options(CLI::App& command, MetadataOptions& options);

/// The change that they ask for, none when they ask for nothing. "never" clears a time, an empty text clears a text.
/// InvalidArgument.
Result<std::optional<MetadataPatch>> parse_patch(const MetadataOptions& options, Clock::Wall now);

}  // namespace locket::cli
