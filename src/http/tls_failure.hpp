#pragma once

#include <optional>

#include "http/failure.hpp"

namespace locket::inline v1::http {

/// The error when it was TLS that failed, with a hint for the one who set it up; none when it was something else, a
/// connection that broke during the handshake, say.
std::optional<Error> tls_error(const Failure& failure, const Asked& asked);

}  // namespace locket::inline v1::http
