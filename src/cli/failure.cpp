#include "failure.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace locket::cli {
namespace {

std::string label(const char* text, const char* colour_code, bool colour) {
  return colour ? fmt::format("\x1b[{}m{}\x1b[0m", colour_code, text) : text;
}

// A write whose answer was lost must not look like one that did not happen.
std::string effect_hint(const Error& error) {
  if (error.effect() == Effect::Applied) return "the change was made all the same";
  if (error.effect() == Effect::Unknown) return "whether the change was made is not known: look before you repeat it";
  return {};
}

ErrorCode code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return ErrorCode::NotFound;
    case EACCES:
    case EPERM: return ErrorCode::PermissionDenied;
    case EEXIST: return ErrorCode::Conflict;
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG: return ErrorCode::InvalidArgument;
    default: return ErrorCode::Internal;
  }
}

}  // namespace

int exit_status(const Error& error) noexcept {
  switch (error.code()) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::LimitExceeded: return 2;
    case ErrorCode::Cancelled: return 3;
    case ErrorCode::Unauthenticated:
    case ErrorCode::PermissionDenied: return 4;
    case ErrorCode::NotFound:
    case ErrorCode::Deleted:
    case ErrorCode::Expired: return 5;
    case ErrorCode::Unavailable:
    case ErrorCode::Network:
    case ErrorCode::Throttled:
    case ErrorCode::Timeout: return 6;
    case ErrorCode::Integrity: return 7;
    case ErrorCode::Conflict: return 8;
    default: return 1;
  }
}

std::string explain(const Error& error, bool colour) {
  const std::string place = error.place() ? error.place()->to_string() + ": " : std::string();
  std::string text = fmt::format("{} {}{}\n", label("locket:", "31", colour), place, error.message());
  for (const Error& cause : error.causes()) text += fmt::format("  {}\n", cause.to_string());
  for (const std::string& hint : {error.hint(), effect_hint(error)}) {
    if (!hint.empty()) text += fmt::format("{} {}\n", label("hint:", "36", colour), hint);
  }
  return text;
}

Error read_only(const SecretStore& store) {
  return Error({.code = ErrorCode::NotSupported,
                .message = fmt::format("the store {} cannot be written to", store.describe()),
                .hint = "choose another with --store; `locket backends` tells what each can do"});
}

Error usage(std::string message, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "cli.usage",
                .message = std::move(message),
                .hint = std::move(hint)});
}

Error cancelled(std::string message, std::string hint) {
  return Error({.code = ErrorCode::Cancelled,
                .reason = "cli.cancelled",
                .message = std::move(message),
                .hint = std::move(hint)});
}

Error system_failure(const std::string& what, int error) {
  return Error({.code = code_of(error),
                .reason = "cli.system",
                .message = fmt::format("{}: {}", what, std::generic_category().message(error))});
}

}  // namespace locket::cli
