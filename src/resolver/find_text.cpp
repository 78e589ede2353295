#include "resolver/find_text.hpp"

#include <cstring>

namespace locket::inline v1::resolver {

std::size_t find_text(std::string_view text, std::string_view wanted, std::size_t from) {
#if defined(_WIN32)
  return text.find(wanted, from);
#else
  if (from >= text.size()) return std::string_view::npos;
  const void* found = ::memmem(text.data() + from, text.size() - from, wanted.data(), wanted.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
#endif
}

}  // namespace locket::inline v1::resolver
