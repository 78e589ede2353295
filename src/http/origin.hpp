#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <locket/result.hpp>

struct sockaddr;

namespace locket::inline v1::http {

/// Where plain http:// may go.
enum class PlainReach : std::uint8_t {
  None,      ///< Nowhere: the origin is https.
  Loopback,  ///< 127.0.0.0/8 and ::1.
  Metadata,  ///< One of the fixed link-local metadata addresses.
};

/// A scheme, a host and a port that may be connected to.
struct Origin {
  bool secure = true;
  std::string host = {};  // an address without brackets, or a name
  std::string port = {};  // empty: the scheme's own
  PlainReach plain = PlainReach::None;
  bool loopback = false;  // this machine, by what is written: no proxy is between
};

/// InvalidArgument: "http.origin" (not scheme, host and port alone), "http.plain" (http:// to another machine).
/// `metadata` also lets plain http:// to the metadata addresses through.
Result<Origin> parse_origin(std::string_view text, bool metadata);

/// Whether a socket to `address` may carry plain http:// of that reach. What was asked for is a name or a text; what is
/// connected to counts.
bool may_reach(PlainReach plain, const sockaddr& address) noexcept;

}  // namespace locket::inline v1::http
