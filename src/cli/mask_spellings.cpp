#include "mask_spellings.hpp"

#include <array>
#include <cstddef>

#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>

#include <locket/secret_buffer.hpp>

namespace locket::cli {
namespace {

constexpr std::string_view lower_digits = "0123456789abcdef";
constexpr std::string_view upper_digits = "0123456789ABCDEF";

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool contains(std::string_view set, char c) {
  return set.find(c) != std::string_view::npos;
}

// The last `count` hexadecimal digits of `number`.
void append_hex(SecretBuffer& out, unsigned number, unsigned count, std::string_view digits) {
  while (count-- != 0) out.push_back(digits[(number >> (4 * count)) & 0xFU]);
}

void append_byte(SecretBuffer& out, char byte, std::string_view digits) {
  append_hex(out, static_cast<unsigned char>(byte), 2, digits);
}

// Which characters stay besides letters and digits, and what a space becomes.
struct UrlStyle {
  std::string_view kept;
  std::string_view space;
};

constexpr std::array url_styles{
    UrlStyle{.kept = "-._~", .space = "%20"},        // RFC 3986, curl, PHP's rawurlencode
    UrlStyle{.kept = "-._~", .space = "+"},          // Go's QueryEscape, Python's quote_plus
    UrlStyle{.kept = "-._~/", .space = "%20"},       // Python's quote
    UrlStyle{.kept = "-._~!'()*", .space = "%20"},   // JavaScript's encodeURIComponent
    UrlStyle{.kept = "-._~!'()*", .space = "+"},     // the same in a form
    UrlStyle{.kept = "-._~$&+=:@", .space = "%20"},  // Go's PathEscape
    UrlStyle{.kept = "-._*", .space = "+"},          // the WHATWG's forms, Java
    UrlStyle{.kept = "-._", .space = "+"},           // PHP's urlencode
};

void append_url(SecretBuffer& out, std::string_view text, const UrlStyle& style, std::string_view digits) {
  for (char c : text) {
    if (c == ' ') {
      out.append(style.space);
    } else if (is_letter_or_digit(c) || contains(style.kept, c)) {
      out.push_back(c);
    } else {
      out.push_back('%');
      append_byte(out, c, digits);
    }
  }
}

// What a writer of JSON does beyond what RFC 8259 makes it do.
struct JsonStyle {
  bool letters = true;          // \n and its like, where there is one
  bool slash = false;           // \/
  bool ascii = false;           // everything else as \uXXXX
  std::string_view coded = {};  // these as \u00XX, too
  std::string_view digits = lower_digits;
};

constexpr std::array json_styles{
    JsonStyle{},  // JavaScript, jq, serde
    JsonStyle{.digits = upper_digits},
    JsonStyle{.letters = false},
    JsonStyle{.letters = false, .digits = upper_digits},
    JsonStyle{.slash = true},
    JsonStyle{.slash = true, .ascii = true},  // PHP
    JsonStyle{.ascii = true},                 // Python, Ruby
    JsonStyle{.ascii = true, .digits = upper_digits},
    JsonStyle{.coded = "<>&"},                                              // Go
    JsonStyle{.coded = "<>&'="},                                            // Gson
    JsonStyle{.ascii = true, .coded = "\"&'+<>`", .digits = upper_digits},  // .NET
};

void append_code(SecretBuffer& out, unsigned code, const JsonStyle& style) {
  if (code > 0xFFFF) {  // in UTF-16
    append_code(out, 0xD800 + ((code - 0x10000) >> 10U), style);
    code = 0xDC00 + ((code - 0x10000) & 0x3FFU);
  }
  out.append("\\u");
  append_hex(out, code, 4, style.digits);
}

void append_json_ascii(SecretBuffer& out, char c, const JsonStyle& style) {
  constexpr std::string_view special = "\b\f\n\r\t";
  constexpr std::string_view letters = "bfnrt";
  const std::size_t place = special.find(c);
  if (style.letters && place != std::string_view::npos) {
    out.push_back('\\');
    out.push_back(letters[place]);
  } else if (static_cast<unsigned char>(c) < 0x20 || contains(style.coded, c)) {
    append_code(out, static_cast<unsigned char>(c), style);
  } else {
    if (c == '"' || c == '\\' || (style.slash && c == '/')) out.push_back('\\');
    out.push_back(c);
  }
}

// Bytes that are not UTF-8 stay as they are: every writer has its own way with them.
void append_json(SecretBuffer& out, std::string_view text, const JsonStyle& style) {
  while (!text.empty()) {
    rapidjson::MemoryStream in(text.data(), text.size());
    unsigned code = 0;
    const bool wide = static_cast<unsigned char>(text[0]) >= 0x80;
    const bool coded = wide && style.ascii && rapidjson::UTF8<>::Decode(in, &code);
    if (coded) {
      append_code(out, code, style);
    } else if (wide) {
      out.push_back(text[0]);
    } else {
      append_json_ascii(out, text[0], style);
    }
    text.remove_prefix(coded ? in.Tell() : 1);
  }
}

void append_replaced(SecretBuffer& out, std::string_view text, char from, std::string_view to) {
  for (char c : text) out.append(c == from ? to : std::string_view(&c, 1));
}

}  // namespace

void for_each_spelling(std::string_view text, const std::function<void(std::string_view)>& take) {
  SecretBuffer out;
  const auto give = [&](auto append, const auto&... how) {
    out.truncate(0);
    append(out, text, how...);
    if (out.view() != text) take(out.view());
  };
  take(text);
  give(append_replaced, '\n', "\r\n");  // as a terminal does
  give(append_replaced, '\r', "");
  give(append_replaced, '\'', R"('\'')");
  for (std::string_view digits : {lower_digits, upper_digits}) {
    give([&](SecretBuffer& to, std::string_view from) {
      for (char c : from) append_byte(to, c, digits);
    });
    for (const UrlStyle& style : url_styles) give(append_url, style, digits);
  }
  for (const JsonStyle& style : json_styles) give(append_json, style);
}

}  // namespace locket::cli
