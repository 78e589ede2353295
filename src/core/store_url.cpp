#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <locket/registry.hpp>

namespace locket::inline v1 {
namespace {

Error bad_url(std::string message, std::string hint = "write scheme:path?option=value, such as env:?prefix=MYAPP_") {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "url.invalid",
                .message = std::move(message),
                .hint = std::move(hint)});
}

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_scheme_character(char c) {
  return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}
bool is_option_character(char c) {
  return is_alpha(c) || is_digit(c) || c == '-' || c == '_';
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_alpha(text[0]) && std::all_of(text.begin(), text.end(), is_scheme_character);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return result;
}

// RFC 3986, 2.1. A NUL byte would cut the text short wherever it is handed to the system.
Result<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned byte = 0;
    const char* digits = text.data() + i + 1;
    const bool complete = i + 2 < text.size();
    if (!complete || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2 || byte == 0) {
      return bad_url("the store URL has a '%' that is not followed by two hexadecimal digits (or stands for NUL)");
    }
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

Result<void> check_characters(std::string_view url) {
  for (std::size_t i = 0; i < url.size(); ++i) {
    if (static_cast<unsigned char>(url[i]) < 0x20 || url[i] == '\x7f') {
      return bad_url(fmt::format("the store URL has a control character at byte {}", i));
    }
  }
  return {};
}

Result<std::map<std::string, std::string>> parse_options(std::string_view query) {
  std::map<std::string, std::string> options;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    const std::string_view option = pair.substr(0, equals);
    if (option.empty() || !std::all_of(option.begin(), option.end(), is_option_character)) {
      return bad_url("the store URL has an option without a name, or with characters other than A-Z a-z 0-9 - _");
    }
    if (equals == std::string_view::npos) return bad_url("the store URL has an option without a value");
    auto value = percent_decode(pair.substr(equals + 1));
    if (!value) return std::move(value).error();
    if (!options.emplace(option, std::move(*value)).second) {
      return bad_url(fmt::format("the option '{}' comes twice", option));
    }
  }
  return options;
}

}  // namespace

Result<StoreUrl> StoreUrl::parse(std::string_view url) {
  if (auto good = check_characters(url); !good) return std::move(good).error();
  const std::size_t colon = url.find(':');
  const std::string_view scheme = url.substr(0, colon);
  if (colon == std::string_view::npos || !is_scheme(scheme)) return bad_url("the store is not given as a URL");
  std::string_view rest = url.substr(colon + 1);
  if (rest.find('#') != std::string_view::npos) return bad_url("a store URL has no fragment ('#'); write it as %23");

  StoreUrl parsed;
  parsed.scheme_ = lower(scheme);
  const std::size_t question = rest.find('?');
  auto options = parse_options(question == std::string_view::npos ? "" : rest.substr(question + 1));
  if (!options) return std::move(options).error();
  parsed.options_ = std::move(*options);
  rest = rest.substr(0, question);

  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const std::string_view host = rest.substr(0, rest.find('/'));
    if (host.find('@') != std::string_view::npos) {
      return bad_url("the store URL carries a user or password",
                     "take it out: credentials come from the environment or from files, see the backend's page");
    }
    parsed.host_ = host;
    rest.remove_prefix(host.size());
  }
  auto path = percent_decode(rest);
  if (!path) return std::move(path).error();
  parsed.path_ = std::move(*path);
  return parsed;
}

std::optional<std::string> StoreUrl::text(const std::string& option) const {
  const auto found = options_.find(option);
  return found == options_.end() ? std::nullopt : std::optional(found->second);
}

Result<bool> StoreUrl::boolean(const std::string& option, bool fallback) const {
  const auto value = text(option);
  if (!value) return fallback;
  if (*value == "true") return true;
  if (*value == "false") return false;
  return bad_url(fmt::format("the option '{}' is neither true nor false", option), "write true or false");
}

Result<std::uint64_t> StoreUrl::number(const std::string& option, std::uint64_t fallback, std::uint64_t min,
                                       std::uint64_t max) const {
  const auto value = text(option);
  if (!value) return fallback;
  std::uint64_t number = 0;
  const char* end = value->data() + value->size();
  const auto [last, failed] = std::from_chars(value->data(), end, number);
  if (failed == std::errc() && last == end && number >= min && number <= max) return number;
  return bad_url(fmt::format("the option '{}' is not a whole number from {} to {}", option, min, max),
                 "write it in decimal digits");
}

}  // namespace locket::inline v1
