#include "resolver/find_text.hpp"

#include <cstring>

namespace locket::inline v1::resolver {
namespace {

// memmem(3) prepares itself for each search, which is lost where the next reference is near.
constexpr std::size_t near = 256;

}  // namespace

std::size_t find_text(std::string_view text, std::string_view wanted, std::size_t from) {
#if defined(_WIN32)
  return text.find(wanted, from);
#else
  if (from >= text.size()) return std::string_view::npos;
  const std::size_t found = text.substr(from, near).find(wanted);
  if (found != std::string_view::npos) return from + found;
  const void* further = ::memmem(text.data() + from, text.size() - from, wanted.data(), wanted.size());
  return further == nullptr ? std::string_view::npos
                            : static_cast<std::size_t>(static_cast<const char*>(further) - text.data());
#endif
}

}  // namespace locket::inline v1::resolver
