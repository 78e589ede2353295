#include <locket/wipe.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>

TEST_CASE("wipe zeroes exactly the bytes it was given") {
  auto bytes = std::make_unique<char[]>(66);
  std::memset(bytes.get(), 'x', 66);
  locket::wipe(bytes.get() + 1, 64);
  CHECK(bytes[0] == 'x');
  CHECK(std::all_of(bytes.get() + 1, bytes.get() + 65, [](char byte) { return byte == 0; }));
  CHECK(bytes[65] == 'x');
  locket::wipe(nullptr, 0);
}

TEST_CASE("wiping a string zeroes what longer contents left behind, too") {
  for (std::size_t size : {10U, 200U}) {  // within the string object, and on the heap
    std::string text(size, 's');
    const char* bytes = text.data();
    std::size_t capacity = text.capacity();
    text.resize(3);
    locket::wipe(text);
    CHECK(text.empty());
    CHECK(std::all_of(bytes, bytes + size, [](char byte) { return byte == 0; }));  // the capacity, still allocated
    CHECK(text.capacity() == capacity);
  }
}
