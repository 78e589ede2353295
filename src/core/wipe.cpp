#include <locket/wipe.hpp>

#include <cstring>

namespace locket::inline v1 {

void wipe(void* bytes, std::size_t size) noexcept {
  if (size == 0) return;
#if defined(__GNUC__)
  std::memset(bytes, 0, size);
  // Tells the compiler that something reads the memory, so that the memset is not dead, under LTO neither.
  __asm__ __volatile__("" : : "r"(bytes) : "memory");
#else
  auto* byte = static_cast<volatile unsigned char*>(bytes);
  for (std::size_t i = 0; i < size; ++i) byte[i] = 0;
#endif
}

void wipe(std::string& text) noexcept {
  text.resize(text.capacity());  // never allocates
  wipe(text.data(), text.size());
  text.clear();
}

}  // namespace locket::inline v1
