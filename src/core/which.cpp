#include <locket/which.hpp>

#include <ostream>

namespace locket::inline v1 {

std::ostream& operator<<(std::ostream& out, const Version& version) {
  return out << version.text();
}

}  // namespace locket::inline v1
