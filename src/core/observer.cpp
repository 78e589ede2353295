#include <locket/observer.hpp>

namespace locket::inline v1 {

Observer::~Observer() = default;

}  // namespace locket::inline v1
