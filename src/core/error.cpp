#include <locket/error.hpp>

#include <cstdio>
#include <cstdlib>
#include <ostream>

#include <locket/result.hpp>

namespace locket::inline v1 {

std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::InvalidArgument: return "InvalidArgument";
    case ErrorCode::NotFound: return "NotFound";
    case ErrorCode::Deleted: return "Deleted";
    case ErrorCode::Expired: return "Expired";
    case ErrorCode::Unauthenticated: return "Unauthenticated";
    case ErrorCode::PermissionDenied: return "PermissionDenied";
    case ErrorCode::Conflict: return "Conflict";
    case ErrorCode::NotSupported: return "NotSupported";
    case ErrorCode::LimitExceeded: return "LimitExceeded";
    case ErrorCode::Throttled: return "Throttled";
    case ErrorCode::Unavailable: return "Unavailable";
    case ErrorCode::Network: return "Network";
    case ErrorCode::Timeout: return "Timeout";
    case ErrorCode::Cancelled: return "Cancelled";
    case ErrorCode::MalformedResponse: return "MalformedResponse";
    case ErrorCode::Integrity: return "Integrity";
    case ErrorCode::AuditFailed: return "AuditFailed";
    case ErrorCode::Internal: return "Internal";
  }
  return "Internal";
}

std::string_view to_string(Effect effect) noexcept {
  switch (effect) {
    case Effect::None: return "none";
    case Effect::Applied: return "applied";
    case Effect::Unknown: return "unknown";
  }
  return "unknown";
}

struct Error::Content : ErrorDetails {
  std::vector<Error> causes;
};

void Error::Delete::operator()(ErrorDetails* details) const noexcept {
  delete static_cast<Content*>(details);
}

Error::Error(ErrorDetails details) : Error(std::move(details), {}) {}
Error::Error(ErrorDetails details, std::vector<Error> causes)
    : details_(new Content{std::move(details), std::move(causes)}) {}
Error::Error(const Error& other) : Error(other.details(), other.causes()) {}
Error& Error::operator=(const Error& other) {
  if (this != &other) *this = Error(other);
  return *this;
}
Error::Error(Error&&) noexcept = default;
Error& Error::operator=(Error&&) noexcept = default;
Error::~Error() = default;

const std::vector<Error>& Error::causes() const noexcept {
  return static_cast<const Content&>(*details_).causes;
}

bool Error::retryable() const noexcept {
  if (details_->retryable) return *details_->retryable;
  switch (details_->code) {
    case ErrorCode::Throttled:
    case ErrorCode::Unavailable:
    case ErrorCode::Network:
    case ErrorCode::Timeout: return true;
    default: return false;
  }
}

std::string Error::to_string() const {
  std::string text = place() ? place()->to_string() + ": " + message() : message();
  if (!hint().empty()) text += "; hint: " + hint();
  for (const Error& cause : causes()) text += '\n' + cause.to_string();
  return text;
}

std::ostream& operator<<(std::ostream& out, const Error& error) {
  return out << error.to_string();
}

void abort_for_missing_value(const Error& error) noexcept {
  std::fprintf(stderr, "locket: the value of a failed Result was used: %s\n", error.message().c_str());
  std::abort();
}

}  // namespace locket::inline v1
