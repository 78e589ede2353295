#include <algorithm>
#include <array>
#include <utility>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "core/json_arena.hpp"
#include "kv_metadata.hpp"

namespace locket::inline v1::vault {
namespace {

using Block = std::pair<unsigned, unsigned>;

// Blocks of which every character is printable to every version of Vault (Unicode 6 and later, as Go's unicode.IsPrint
// sees it), so that what most people write stays readable there. Others are escaped, whether they are printable or not.
constexpr auto printable_blocks = std::to_array<Block>(
    {{0x20, 0x7e},     {0xa1, 0xac},     {0xae, 0x377},    {0x386, 0x38a},   {0x38e, 0x3a1},   {0x3a3, 0x3ff},
     {0x400, 0x52f},   {0x5d0, 0x5ea},   {0x621, 0x63a},   {0x641, 0x64a},   {0x905, 0x939},   {0xe01, 0xe3a},
     {0x1e00, 0x1eff}, {0x2010, 0x2027}, {0x2030, 0x205e}, {0x20a0, 0x20b9}, {0x2190, 0x22ff}, {0x2500, 0x26ff},
     {0x3001, 0x303e}, {0x3041, 0x3096}, {0x309b, 0x30ff}, {0x4e00, 0x9fa5}, {0xac00, 0xd7a3}, {0x1f300, 0x1f5ff}});

bool is_printable(unsigned code) {
  return std::ranges::any_of(printable_blocks,
                             [&](Block block) { return block.first <= code && code <= block.second; });
}

enum class Kind { Printable, Unprintable, NotText };

Kind kind_of(const std::string& text) {
  rapidjson::StringStream stream(text.c_str());
  Kind kind = Kind::Printable;
  while (stream.Tell() < text.size()) {
    unsigned code = 0;
    if (!rapidjson::UTF8<>::Decode(stream, &code)) return Kind::NotText;
    if (!is_printable(code)) kind = Kind::Unprintable;
  }
  return kind;
}

std::string quoted(std::string_view text) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::ASCII<>> writer(out);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return {out.GetString(), out.GetSize()};
}

}  // namespace

std::optional<std::string> write_text(std::string_view text, std::string_view reserved) {
  std::string copy(text);
  const Kind kind = kind_of(copy);
  if (kind == Kind::NotText) return std::nullopt;
  const bool plain = kind == Kind::Printable && !text.empty() && !text.starts_with('"') && !text.starts_with(reserved);
  return plain ? std::move(copy) : quoted(copy);
}

std::string read_text(std::string_view text) {
  if (!text.starts_with('"')) return std::string(text);
  SecretBuffer copy;
  copy.append(text);
  const auto parsed = http::Json::parse(std::move(copy));
  if (!parsed || !parsed->root().is(http::Json::Kind::String)) return std::string(text);
  return std::string(parsed->root().text());
}

}  // namespace locket::inline v1::vault
