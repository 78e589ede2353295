#include <locket/resolver/toml.hpp>

#include "fuzz/document_fuzz.hpp"
#include "fuzz/format_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  locket_test::fuzz_document(*locket::resolver::toml(), data, size);
  locket::resolver::fuzz_format(*locket::resolver::toml(), data, size);
  return 0;
}
