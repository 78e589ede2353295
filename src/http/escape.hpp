#pragma once

#include <string>
#include <string_view>

namespace locket::inline v1::http {

/// `text` with every byte but A-Z a-z 0-9 - . _ ~ written as %XX, for one segment of a path or one value of a query.
/// Encodes exactly once: what is escaped already is escaped again.
std::string escape(std::string_view text);

}  // namespace locket::inline v1::http
