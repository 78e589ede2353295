#include <locket/transport.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/ascii.hpp"
#include "core/fork.hpp"

namespace locket::inline v1::http {
namespace {

constexpr std::array<std::string_view, 7> method_names = {"GET", "HEAD", "LIST", "POST", "PUT", "PATCH", "DELETE"};

// Written by the transport itself: two of them would let one side see another request than the other.
constexpr std::array<std::string_view, 10> own_headers = {
    "host", "content-length", "connection", "expect",     "transfer-encoding",
    "te",   "trailer",        "upgrade",    "keep-alive", "accept-encoding"};

// RFC 9110, 5.6.2.
bool is_token_character(char c) noexcept {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
         marks.find(c) != std::string_view::npos;
}
bool is_control(char c) noexcept {
  return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
}
bool is_visible(char c) noexcept {
  return c > ' ' && c < '\x7f';
}

bool is_own(std::string_view name) noexcept {
  constexpr std::string_view proxy = "proxy-";
  return same_but_for_case(name.substr(0, proxy.size()), proxy) ||
         std::any_of(own_headers.begin(), own_headers.end(),
                     [&](std::string_view own) { return same_but_for_case(name, own); });
}

Error refused(std::string what) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "http.request",
                .message = std::move(what),
                .hint = "escape what stands in a URL, and keep line breaks out of headers"});
}

Result<void> check(const Header& header) {
  const std::string_view name = header.name;
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_character)) {
    return refused("a header's name is not one");  // not told: it may be what should have been the value
  }
  if (is_own(name)) return refused(fmt::format("the transport writes the header {} itself", name));
  for (const std::string_view value : {std::string_view(header.value), header.secret}) {
    if (std::any_of(value.begin(), value.end(), is_control)) {
      return refused(fmt::format("the value of the header {} holds a control character", name));
    }
    // Blanks around a value do not count (RFC 9110, 5.5), and libcurl leaves a header out that has none.
    if (!value.empty() && value.find_first_not_of(" \t") == std::string_view::npos) {
      return refused(fmt::format("the value of the header {} is blank", name));
    }
  }
  if (!header.value.empty() && !header.secret.empty()) {
    return refused(fmt::format("the header {} has two values", name));
  }
  return {};
}

Result<void> check(const Request& request) {
  const std::string& target = request.target;
  if (!target.starts_with('/')) return refused("the request's target does not begin with a slash");
  if (!std::all_of(target.begin(), target.end(), is_visible) || target.find('#') != std::string::npos) {
    return refused("the request's target is not escaped");
  }
  for (const Header& header : request.headers) {
    if (auto good = check(header); !good) return good;
  }
  return {};
}

Error inherited() {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "http.forked",
                .message = "the connections belong to the parent of this process",
                .hint = "open the store anew in the child",
                .retryable = false});
}

}  // namespace

std::string_view to_string(Method method) noexcept {
  return method_names[static_cast<std::size_t>(method)];
}

Purpose purpose_of(const Request& request) noexcept {
  if (request.purpose != Purpose::ByMethod) return request.purpose;
  switch (request.method) {
    case Method::Get:
    case Method::Head:
    case Method::List: return Purpose::Read;
    default: return Purpose::Write;
  }
}

void Headers::add(std::string_view name, std::string_view value) {
  constexpr std::size_t usual = 512;  // bytes of all lines
  lines_.reserve(std::max(usual, lines_.size() + name.size() + value.size() + 3));
  lines_.append(name);
  lines_.append(": ");
  lines_.append(value);
  lines_.push_back('\n');
}

namespace {

// Takes the first line off `lines`, and returns its value when it has that name.
std::optional<std::string_view> next_line(std::string_view& lines, std::string_view name) noexcept {
  const std::string_view line = lines.substr(0, lines.find('\n'));
  lines.remove_prefix(line.size() + 1);
  const std::size_t colon = line.find(": ");
  if (!same_but_for_case(line.substr(0, colon), name)) return std::nullopt;
  return line.substr(colon + 2);
}

}  // namespace

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept {
  for (std::string_view lines = lines_.view(); !lines.empty();) {
    if (const auto value = next_line(lines, name)) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (std::string_view lines = lines_.view(); !lines.empty();) {
    if (const auto value = next_line(lines, name)) values.push_back(*value);
  }
  return values;
}

Transport::Transport() noexcept : epoch_(process_epoch()) {}
Transport::~Transport() = default;

bool Transport::forked() const noexcept {
  return process_epoch() != epoch_;
}

Result<Response> Transport::send(const Request& request, const Call& call) {
  return std::move(send_many({&request, 1}, call).front());
}

std::vector<Result<Response>> Transport::send_many(std::span<const Request> requests, const Call& call) {
  if (requests.empty()) return {};
  std::vector<Result<void>> checked;
  checked.reserve(requests.size());
  for (const Request& request : requests) checked.push_back(forked() ? inherited() : check(request));
  if (std::all_of(checked.begin(), checked.end(), [](const auto& good) { return good.ok(); })) {
    return do_send_many(requests, call);
  }
  return send_good(requests, checked, call);
}

// The rest of them are sent, and each answer is put where its request stands.
std::vector<Result<Response>> Transport::send_good(std::span<const Request> requests, std::span<Result<void>> checked,
                                                   const Call& call) {
  std::vector<Request> good;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (checked[i]) good.push_back(requests[i]);
  }
  auto answers = good.empty() ? std::vector<Result<Response>>() : do_send_many(good, call);
  auto next = answers.begin();
  std::vector<Result<Response>> all;
  all.reserve(requests.size());
  for (auto& result : checked) {
    if (result) {
      all.push_back(std::move(*next++));
    } else {
      all.emplace_back(std::move(result).error());
    }
  }
  return all;
}

}  // namespace locket::inline v1::http
