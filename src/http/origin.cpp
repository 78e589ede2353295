#include "http/origin.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include "core/ascii.hpp"
#include "core/printable.hpp"

namespace locket::inline v1::http {
namespace {

// EC2, ECS, EKS; other clouds use the first one, too.
constexpr std::array<const char*, 5> metadata_addresses = {"169.254.169.254", "169.254.170.2", "169.254.170.23",
                                                           "fd00:ec2::254", "fd00:ec2::23"};

// An IPv4 address as IPv6 writes it in the last bytes ("::ffff:"), so that both are compared alike.
std::optional<in6_addr> parse_address(const std::string& text) {
  in6_addr six = {};
  if (::inet_pton(AF_INET6, text.c_str(), &six) == 1) return six;
  in_addr four = {};
  if (::inet_pton(AF_INET, text.c_str(), &four) != 1) return std::nullopt;
  six.s6_addr[10] = six.s6_addr[11] = 0xff;
  std::memcpy(&six.s6_addr[12], &four, sizeof four);
  return six;
}

std::optional<in6_addr> address_of(const sockaddr& address) noexcept {
  in6_addr six = {};
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 whole = {};
    std::memcpy(&whole, &address, sizeof whole);
    return whole.sin6_addr;
  }
  if (address.sa_family != AF_INET) return std::nullopt;
  sockaddr_in whole = {};
  std::memcpy(&whole, &address, sizeof whole);
  six.s6_addr[10] = six.s6_addr[11] = 0xff;
  std::memcpy(&six.s6_addr[12], &whole.sin_addr, sizeof whole.sin_addr);
  return six;
}

bool is_loopback(const in6_addr& address) noexcept {
  if (IN6_IS_ADDR_LOOPBACK(&address)) return true;
  return IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == 127;
}

bool is_metadata(const in6_addr& address) noexcept {
  return std::any_of(metadata_addresses.begin(), metadata_addresses.end(), [&](const char* known) {
    const auto other = parse_address(known);
    return other && std::memcmp(&*other, &address, sizeof address) == 0;
  });
}

bool names_this_machine(const std::string& host) {
  if (host == "localhost") return true;  // what it resolves to is looked at when it is connected to
  const auto address = parse_address(host);
  return address && is_loopback(*address);
}

PlainReach reach_of(const Origin& origin, bool metadata) {
  if (origin.loopback) return PlainReach::Loopback;
  const auto address = parse_address(origin.host);
  return metadata && address && is_metadata(*address) ? PlainReach::Metadata : PlainReach::None;
}

Error bad_origin(std::string_view text) {
  // A user name and a password may stand in it.
  const bool told = text.find('@') == std::string_view::npos;
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "http.origin",
                .message = told ? fmt::format("'{}' is not the address of a server", printable(text))
                                : "the address of the server holds a user name",
                .hint = "write it as https://host or https://host:port, with nothing before or behind"});
}

Error no_plain(std::string_view text) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "http.plain",
                .message = fmt::format("'{}' would send credentials over the network unencrypted", printable(text)),
                .hint = "use https://; http:// is for servers on this machine (127.0.0.1, [::1], localhost)"});
}

bool is_name(std::string_view host) noexcept {
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

bool is_port(std::string_view port) noexcept {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  return error == std::errc() && end == port.data() + port.size() && number >= 1 && number <= 65535;
}

// Fills in host and port from what follows the scheme. A bracket holds an IPv6 address and nothing else.
bool take_authority(std::string_view rest, Origin& origin) {
  const bool bracket = rest.starts_with('[');
  const std::size_t end = bracket ? rest.find(']') : std::min(rest.find(':'), rest.size());
  if (end == std::string_view::npos) return false;
  origin.host = rest.substr(bracket ? 1 : 0, end - (bracket ? 1 : 0));
  rest.remove_prefix(bracket ? end + 1 : end);
  if (!rest.empty()) {
    if (!rest.starts_with(':') || !is_port(rest.substr(1))) return false;
    origin.port = rest.substr(1);
  }
  if (bracket) return origin.host.find(':') != std::string::npos && parse_address(origin.host).has_value();
  std::transform(origin.host.begin(), origin.host.end(), origin.host.begin(), ascii_lower);
  return is_name(origin.host);
}

}  // namespace

Result<Origin> parse_origin(std::string_view text, bool metadata) {
  constexpr std::string_view secure = "https://";
  constexpr std::string_view plain = "http://";
  Origin origin;
  origin.secure = text.starts_with(secure);
  if (!origin.secure && !text.starts_with(plain)) return bad_origin(text);
  if (!take_authority(text.substr(origin.secure ? secure.size() : plain.size()), origin)) return bad_origin(text);
  origin.loopback = names_this_machine(origin.host);
  if (origin.secure) return origin;
  origin.plain = reach_of(origin, metadata);
  if (origin.plain == PlainReach::None) return no_plain(text);
  return origin;
}

bool may_reach(PlainReach plain, const sockaddr& address) noexcept {
  if (plain == PlainReach::None) return true;
  const auto there = address_of(address);
  if (!there) return false;
  return plain == PlainReach::Loopback ? is_loopback(*there) : is_metadata(*there);
}

}  // namespace locket::inline v1::http
