#include "config/problems.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/printable.hpp"

namespace locket::inline v1::config {
namespace {

constexpr std::size_t longest_key = 64;

std::string shortened(std::string_view key) {
  const std::string text = printable(key.substr(0, longest_key));
  return key.size() > longest_key ? text + "..." : text;
}

bool is_bare(std::string_view key) {
  constexpr std::string_view bare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return !key.empty() && key.find_first_not_of(bare) == std::string_view::npos;
}

}  // namespace

std::string quoted(std::string_view key) {
  return '\'' + shortened(key) + '\'';
}

std::string Where::below(std::string_view key) const {
  const std::string step = is_bare(key) ? shortened(key) : '"' + shortened(key) + '"';
  return path_.empty() ? step : path_ + '.' + step;
}

Place Problems::place(const Where& where) const {
  return {.file = file_, .line = where.at().line, .column = where.at().column, .path = where.path()};
}

void Problems::add(const Where& where, std::string_view reason, std::string message, std::string hint) {
  add(where, reason,
      Error({.code = ErrorCode::InvalidArgument, .message = std::move(message), .hint = std::move(hint)}));
}

void Problems::add_to_file(std::string path, std::string_view reason, std::string message, std::string hint) {
  causes_.push_back(Error({.code = ErrorCode::InvalidArgument,
                           .reason = std::string(reason),
                           .message = std::move(message),
                           .hint = std::move(hint),
                           .place = Place{.file = file_, .path = std::move(path)}}));
}

void Problems::add(const Where& where, std::string_view reason, Error error) {
  error.details().reason = reason;
  error.details().place = place(where);
  causes_.push_back(std::move(error));
}

void Problems::add_syntax(Error error) {
  error.details().place->file = file_;
  causes_.push_back(std::move(error));
}

std::optional<Error> Problems::finish() && {
  if (causes_.empty()) return std::nullopt;
  std::ranges::sort(causes_, {}, [](const Error& cause) {
    const Place& at = *cause.place();
    return std::tuple(at.line, at.column, std::string_view(at.path), std::string_view(cause.message()));
  });
  const std::string count = causes_.size() == 1 ? "an error" : fmt::format("{} errors", causes_.size());
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "config.invalid",
                .message = fmt::format("the configuration file has {}", count),
                .place = Place{.file = std::move(file_)}},
               std::move(causes_));
}

}  // namespace locket::inline v1::config
