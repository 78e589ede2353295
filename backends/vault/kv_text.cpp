#include <algorithm>
#include <array>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "core/json_arena.hpp"
#include "kv_metadata.hpp"

namespace locket::inline v1::vault {
namespace {

struct Range {
  unsigned first;
  unsigned last;
};

// Blocks of which every character is printable to every version of Vault (Unicode 6 and later, as Go's unicode.IsPrint
// sees it), so that what most people write stays readable there. Others are escaped, whether they are printable or not.
constexpr std::array printable_blocks{
    Range{0x20, 0x7e},     Range{0xa1, 0xac},     Range{0xae, 0x377},    Range{0x386, 0x38a},    Range{0x38e, 0x3a1},
    Range{0x3a3, 0x3ff},   Range{0x400, 0x52f},   Range{0x5d0, 0x5ea},   Range{0x621, 0x63a},    Range{0x641, 0x64a},
    Range{0x905, 0x939},   Range{0xe01, 0xe3a},   Range{0x1e00, 0x1eff}, Range{0x2010, 0x2027},  Range{0x2030, 0x205e},
    Range{0x20a0, 0x20b9}, Range{0x2190, 0x22ff}, Range{0x2500, 0x26ff}, Range{0x3001, 0x303e},  Range{0x3041, 0x3096},
    Range{0x309b, 0x30ff}, Range{0x4e00, 0x9fa5}, Range{0xac00, 0xd7a3}, Range{0x1f300, 0x1f5ff}};

bool is_printable(unsigned code) {
  return std::ranges::any_of(printable_blocks, [&](Range block) { return block.first <= code && code <= block.last; });
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
