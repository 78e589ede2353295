#include <locket/version.hpp>

namespace locket::inline v1 {

const char* library_version() noexcept {
  return LOCKET_VERSION_STRING;
}

}  // namespace locket::inline v1
