#pragma once

#include <cstddef>
#include <new>

#include <rapidjson/allocators.h>
#include <rapidjson/reader.h>
#include <rapidjson/writer.h>

#include <locket/secret_buffer.hpp>

namespace locket::cli {

/// Where RapidJSON's writers put their text: memory that is wiped.
struct BufferStream {
  using Ch = char;

  void Put(char c) { buffer.push_back(c); }
  void Flush() {}

  SecretBuffer& buffer;
};

/// RapidJSON writes through what its allocator returns without looking.
struct CheckedAllocator : rapidjson::CrtAllocator {
  void* Malloc(std::size_t size) { return there(CrtAllocator::Malloc(size), size); }
  void* Realloc(void* block, std::size_t old_size, std::size_t size) {
    return there(CrtAllocator::Realloc(block, old_size, size), size);
  }
  static void* there(void* block, std::size_t size) {
    if (block == nullptr && size != 0) throw std::bad_alloc();
    return block;
  }
};

/// In place, so that no copy of a value stays behind; by a loop, so that nothing nests too deep.
inline constexpr unsigned parse_flags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                                        rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;

using Utf8 = rapidjson::UTF8<>;
using JsonReader = rapidjson::GenericReader<Utf8, Utf8, CheckedAllocator>;

}  // namespace locket::cli
