#include "page_token.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace locket::inline v1 {
namespace {

// FNV-1a (draft-eastlake-fnv): the same in every process, so that a token may be kept over a restart. It guards against
// mistakes, not against forgers, who could list anyway.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (char c : text) value = (value ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return value;
}

}  // namespace

PageToken::PageToken(std::string_view scope) : head_(fmt::format("{:016x}.", hash(scope))) {}

std::string PageToken::wrap(std::string_view cursor) const {
  return head_ + std::string(cursor);
}

Result<std::string> PageToken::open(std::string_view token) const {
  if (token.empty()) return std::string();
  if (token.size() > head_.size() && token.starts_with(head_)) return std::string(token.substr(head_.size()));
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "list.foreign_page",
                .message = "the page does not belong to this listing",
                .hint = "pass Page::next with the same prefix or name and the same options that it came from"});
}

}  // namespace locket::inline v1
