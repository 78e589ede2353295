#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace locket::inline v1::http {

/// What every transfer is set up with: a transport's options without what other layers see to.
struct Settings {
  std::string proxy = {};
  bool proxy_from_environment = false;
  bool metadata_addresses = false;
  bool http2 = false;
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(5);
  std::size_t max_body = std::size_t{4} << 20U;
};

/// I/O takes the machine's time.
using MachineTime = std::chrono::steady_clock::time_point;

}  // namespace locket::inline v1::http
