#pragma once

#include <cstdint>
#include <string_view>

#include <locket/resolver/format.hpp>

namespace locket::inline v1::resolver {

/// How a scalar is written; Absent is a value that is left out.
enum class YamlForm : std::uint8_t { Plain, SingleQuoted, DoubleQuoted, Block, Absent };

/// What the tag before a scalar says. Lone is `!` alone: text to YAML 1.2, nothing at all to libyaml.
enum class YamlTag : std::uint8_t { None, Text, Integer, Float, Boolean, Null, Lone, Other };

/// What `find` notes for `write` in `Scalar::style`.
struct YamlStyle {
  YamlForm form = YamlForm::Plain;
  YamlTag tag = YamlTag::None;
  bool flow = false;
  /// Before what is written, so that it is a node of its own or more indented than its parent.
  bool needs_blank = false;

  static YamlStyle unpack(std::uint32_t bits) noexcept {
    return {.form = static_cast<YamlForm>(bits & 0xFU),
            .tag = static_cast<YamlTag>((bits >> 4U) & 0xFU),
            .flow = ((bits >> 8U) & 1U) != 0,
            .needs_blank = ((bits >> 9U) & 1U) != 0};
  }
  std::uint32_t pack() const noexcept {
    return static_cast<std::uint32_t>(form) | static_cast<std::uint32_t>(tag) << 4U |
           static_cast<std::uint32_t>(flow) << 8U | static_cast<std::uint32_t>(needs_blank) << 9U;
  }
};

/// What a plain scalar without a tag is in YAML 1.2's core schema (section 10.3.2).
Kind core_kind(std::string_view text) noexcept;

/// Whether `text` can stand plain in the document: on one line, and read as the same text by parsers of YAML 1.1 and of
/// 1.2, in block and in flow context. Refuses more than it must.
bool is_surely_plain(std::string_view text, bool flow) noexcept;

}  // namespace locket::inline v1::resolver
