#include "fuzz/document_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  locket_test::fuzz_document(*locket::resolver::dotenv(), data, size);
  return 0;
}
