#pragma once

#include <memory>

#include <locket/result.hpp>
#include <locket/transport.hpp>

namespace locket::inline v1::http {

/// What only credential providers may ask for; no option of the public interface widens where plain http:// goes.
struct Reach {
  /// Also the fixed link-local metadata addresses: 169.254.169.254, 169.254.170.2, 169.254.170.23, [fd00:ec2::254] and
  /// [fd00:ec2::23].
  bool metadata_addresses = false;
};

/// Retries over circuit breakers over `inner`, as the options say; clock and random source must be set.
std::shared_ptr<Transport> with_retries(std::shared_ptr<Transport> inner, const TransportOptions& options);

/// The transport of a backend: retries over circuit breakers over libcurl. Connects to nothing yet, but reads the files
/// that the options name. InvalidArgument: http.option (out of range, or one without the other), http.proxy, http.file,
/// http.client_certificate. NotSupported: http.libcurl.
Result<std::shared_ptr<Transport>> open_transport(TransportOptions options, Reach reach = {});

}  // namespace locket::inline v1::http
