#pragma once

#include <cstddef>
#include <new>

#include <rapidjson/reader.h>
#include <rapidjson/writer.h>

#include <locket/secret_buffer.hpp>

/// What RapidJSON needs to work on secrets: it parses in place in a copy in the arena, and writes into a buffer there.
namespace locket::inline v1::json_arena {

/// RapidJSON writes through what its allocator returns without looking. It holds the parser's own stack, no text.
struct Allocator : rapidjson::CrtAllocator {
  void* Malloc(std::size_t size) { return there(CrtAllocator::Malloc(size), size); }
  void* Realloc(void* block, std::size_t old_size, std::size_t size) {
    return there(CrtAllocator::Realloc(block, old_size, size), size);
  }
  static void* there(void* block, std::size_t size) {
    if (block == nullptr && size != 0) throw std::bad_alloc();
    return block;
  }
};

/// Where RapidJSON's writer puts its text.
struct BufferStream {
  using Ch = char;

  void Put(char c) { buffer.push_back(c); }
  void Flush() {}

  SecretBuffer& buffer;
};

/// In place, without recursion, strict about UTF-8, numbers as they are written.
inline constexpr unsigned parse_flags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                                        rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;

using Reader = rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, Allocator>;
using Writer = rapidjson::Writer<BufferStream, rapidjson::UTF8<>, rapidjson::UTF8<>, Allocator,
                                 rapidjson::kWriteValidateEncodingFlag>;

}  // namespace locket::inline v1::json_arena
