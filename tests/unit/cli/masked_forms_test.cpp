#include "cli/masked_forms.hpp"

#include <algorithm>
#include <cstddef>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace {

using locket::SecretValue;
using locket::cli::MaskedForms;
using Texts = std::set<std::string>;

Texts forms_of(const std::vector<std::string>& secrets) {
  std::vector<SecretValue> values;
  values.reserve(secrets.size());
  for (const std::string& secret : secrets) values.emplace_back(secret);
  const MaskedForms forms(values);
  Texts result;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    CHECK(forms[i].size() >= MaskedForms::min_length);
    if (i > 0) CHECK(forms[i - 1] < forms[i]);
    result.emplace(forms[i]);
  }
  return result;
}

bool has(const Texts& forms, const std::string& form) {
  return forms.count(form) == 1;
}

bool any_contains(const Texts& forms, const std::string& part) {
  return std::any_of(forms.begin(), forms.end(),
                     [&](const std::string& form) { return form.find(part) != std::string::npos; });
}

// Whether every byte of `text` is in a form that stands there.
bool covers(const Texts& forms, const std::string& text) {
  std::vector<bool> covered(text.size());
  for (const std::string& form : forms) {
    for (std::size_t at = text.find(form); at != std::string::npos; at = text.find(form, at + 1)) {
      std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(at), form.size(), true);
    }
  }
  return std::all_of(covered.begin(), covered.end(), [](bool bit) { return bit; });
}

TEST_CASE("a secret of few letters has few forms") {
  CHECK(forms_of({"hunter22"}) == Texts{"hunter22", "68756e7465723232",                //
                                        "aHVudGVyMj", "aHVudGVyMjI", "aHVudGVyMjI=",   // alone or first
                                        "h1bnRlcjIy",                                  // after 1 byte
                                        "odW50ZXIyM", "odW50ZXIyMg", "odW50ZXIyMg==",  // after 2
                                        "68756E7465723232"});
}

TEST_CASE("what is too short has no form, and no form is too short") {
  CHECK(forms_of({"", "abc", "\n"}).empty());
  CHECK(forms_of({}).empty());
  CHECK(has(forms_of({"abcd"}), "abcd"));
  CHECK(has(forms_of({"abc\n"}), "abc\n"));
}

TEST_CASE("equal secrets have equal forms") {
  CHECK(forms_of({"hunter22", "hunter22", "hunter22\n"}).size() == forms_of({"hunter22\n"}).size());
}

TEST_CASE("the line end behind a secret is no part of it but in base64") {
  const Texts forms = forms_of({"hunter22\r\n"});
  CHECK(has(forms, "hunter22"));
  CHECK_FALSE(any_contains(forms, "\n"));
  CHECK(has(forms, "aHVudGVyMjI="));
  CHECK(has(forms, "aHVudGVyMjINCg=="));
}

TEST_CASE("both alphabets of base64 are looked for") {
  const Texts forms = forms_of({"\xFB\xFF\xBF\xFB\xFF\xBF"});
  CHECK(has(forms, "+/+/+/+/"));
  CHECK(has(forms, "-_-_-_-_"));
}

TEST_CASE("percent-encoding comes in every usual way") {
  const Texts forms = forms_of({"a b/c~d*(e)+:"});
  for (const char* form : {"a%20b%2Fc~d%2A%28e%29%2B%3A", "a%20b%2fc~d%2a%28e%29%2b%3a", "a+b%2Fc~d%2A%28e%29%2B%3A",
                           "a%20b/c~d%2A%28e%29%2B%3A", "a%20b%2Fc~d*(e)%2B%3A", "a+b%2Fc~d*(e)%2B%3A",
                           "a+b%2Fc%7Ed*%28e%29%2B%3A", "a+b%2fc%7ed%2a%28e%29%2b%3a", "a%20b%2Fc~d%2A%28e%29+:"}) {
    CAPTURE(form);
    CHECK(has(forms, form));
  }
}

TEST_CASE("JSON comes in every usual way") {
  const Texts forms = forms_of({"a\"\\/\n\x01<é😀>"});
  for (const char* form : {R"(a\"\\/\n\u0001<é😀>)", R"(a\"\\/\u000a\u0001<é😀>)", R"(a\"\\/\u000A\u0001<é😀>)",
                           R"(a\"\\\/\n\u0001<é😀>)", R"(a\"\\\/\n\u0001<\u00e9\ud83d\ude00>)",
                           R"(a\"\\/\n\u0001<\u00e9\ud83d\ude00>)", R"(a\"\\/\n\u0001<\u00E9\uD83D\uDE00>)",
                           R"(a\"\\/\n\u0001\u003cé😀\u003e)", R"(a\u0022\\/\n\u0001\u003C\u00E9\uD83D\uDE00\u003E)"}) {
    CAPTURE(form);
    CHECK(has(forms, form));
  }
}

TEST_CASE("bytes that are not UTF-8 stay in JSON as they are") {
  CHECK(has(forms_of({"\xFF\"abc\xC3"}), "\xFF\\\"abc\xC3"));
}

TEST_CASE("a shell's quotes are looked for") {
  CHECK(has(forms_of({"it's me"}), R"(it'\''s me)"));
}

const std::string pem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n"
    "Zm9vYmFyYmF6cXV4\n"
    "-----END PRIVATE KEY-----\n";

std::string with_line_ends(std::string text, const std::string& end) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + end.size())) {
    text.replace(at, 1, end);
  }
  return text;
}

TEST_CASE("a value of several lines is looked for as a whole and line by line") {
  const Texts forms = forms_of({pem});
  const std::string whole = pem.substr(0, pem.size() - 1);
  CHECK(covers(forms, whole));
  CHECK(covers(forms, with_line_ends(whole, "\r\n")));
  CHECK(covers(forms, with_line_ends(whole, "\\n")));
  CHECK(covers(forms, with_line_ends(whole, "\\u000A")));
  CHECK(covers(forms, "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF"));
  CHECK(has(forms, "Zm9vYmFyYmF6cXV4"));
}

TEST_CASE("lines that are in everybody's output are no forms") {
  for (const char* line : {"-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"}) {
    for (const std::string& form : forms_of({pem})) CHECK(std::string(line).find(form) == std::string::npos);
  }
  const Texts forms = forms_of({"{\n  data:\n  ------------\n    \"key\": \"s3cret-value\",  \n}\n"});
  CHECK(has(forms, "\"key\": \"s3cret-value\","));
  for (const char* line : {"{", "}", "data:", "  data:", "------------", "  ------------", ""}) {
    CHECK_FALSE(has(forms, line));
  }
}

TEST_CASE("base64 in lines is looked for") {
  const std::string secret = std::string(69, '\0') + '\xC0';
  const Texts forms = forms_of({secret});
  const std::string encoded = std::string(92, 'A') + "wA==";
  for (std::size_t width : {76U, 64U}) {
    CHECK(covers(forms, encoded.substr(0, width) + "\n" + encoded.substr(width)));
    CHECK(covers(forms, encoded.substr(0, width) + "\r\n" + encoded.substr(width)));
  }
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  unsigned bits = 0;
  unsigned count = 0;
  for (char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) result += alphabet[(bits >> (count - 6)) & 63U];
  }
  if (count > 0) result += alphabet[(bits << (6 - count)) & 63U];
  while (result.size() % 4 != 0) result += '=';
  return result;
}

std::string url_safe(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::string wrapped(std::string text, std::size_t width, const std::string& line_end) {
  for (std::size_t at = width; at < text.size(); at += width + line_end.size()) text.insert(at, line_end);
  return text;
}

// What texts with `secret` in the same place have in common, whatever is around it.
std::string in_common(const std::string& secret, std::size_t lead) {
  const std::size_t tail = 3 - (lead + secret.size()) % 3;  // no padding
  const std::string one = base64(std::string(lead, '\0') + secret + std::string(tail, '\0'));
  const std::string other = base64(std::string(lead, '\xFF') + secret + std::string(tail, '\xFF'));
  std::string result;
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (one[i] == other[i]) result += one[i];
  }
  return result;
}

TEST_CASE("base64 of secrets of any length leaves nothing, alone, in lines and in longer text") {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same cases each time
  for (std::size_t size = 4; size < 300; size += size < 140 ? 1 : 17) {
    std::string text(size, '\0');
    for (char& c : text) c = static_cast<char>('!' + random() % 94);
    std::string many(90, '\n');
    for (char& c : many) c = random() % 2 == 0 ? '\n' : '\r';
    for (const std::string& end : {std::string(), std::string("\n"), std::string("\r\n"), many}) {
      const std::string secret = text + end;
      const Texts forms = forms_of({secret});
      CAPTURE(secret);
      for (const std::string& bare : {text, secret}) {
        REQUIRE(covers(forms, base64(bare)));
        REQUIRE(covers(forms, url_safe(base64(bare))));
        for (std::size_t width : {76U, 64U}) {
          REQUIRE(covers(forms, wrapped(base64(bare), width, "\n")));
          REQUIRE(covers(forms, wrapped(base64(bare), width, "\r\n")));
        }
        for (std::size_t lead : {0U, 1U, 2U}) REQUIRE(covers(forms, in_common(bare, lead)));
        for (std::size_t lead : {0U, 1U, 2U}) REQUIRE(covers(forms, url_safe(in_common(bare, lead))));
      }
    }
  }
}

TEST_CASE("base64 in lines leaves nothing of a secret that something follows") {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same cases each time
  for (std::size_t size = 100; size < 200; ++size) {
    std::string secret(size, '\0');
    for (char& c : secret) c = static_cast<char>('!' + random() % 94);
    CAPTURE(secret);
    for (std::size_t width : {76U, 64U})
      REQUIRE(covers(forms_of({secret}), wrapped(in_common(secret, 0), width, "\n")));
  }
}

TEST_CASE("the strings of a JSON object are looked for, too") {
  const Texts forms = forms_of({R"( {"user":"adm1nistrator","pass":"p\u00e4ss w/\"rd","port":12345678,"on":"true",)"
                                R"("in":[{"key":"deep-inside"}],"a-long-name":"aaaaaaaaaa"}
)"});
  for (const char* form : {"adm1nistrator", "p\u00e4ss w/\"rd", "p%C3%A4ss%20w%2F%22rd", "deep-inside"}) {
    CHECK(has(forms, form));
  }
  for (const char* form : {"12345678", "true", "a-long-name", "aaaaaaaaaa"}) CHECK_FALSE(has(forms, form));
  CHECK(has(forms_of({R"({"user":"adm1nistrator","pass":)"}), "adm1nistrator"));
}

TEST_CASE("long secrets are looked for in pieces, which leave nothing between them") {
  std::string secret;
  for (int i = 0; i < 500; ++i) secret += i % 7 == 0 ? "é" : std::to_string(i);
  const Texts forms = forms_of({secret});
  CHECK(covers(forms, secret));
  CHECK_FALSE(has(forms, secret));
  for (const std::string& form : forms) CHECK(form.size() <= 6 * (MaskedForms::piece + 3));
}

}  // namespace
