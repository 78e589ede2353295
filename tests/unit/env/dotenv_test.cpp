#include "env/dotenv.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace {

using locket::ErrorCode;
using locket::env::parse_dotenv;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// What dotenv_cases.txt writes for what cannot be seen; it has more for python-dotenv alone.
std::string unpictured(std::string text) {
  using namespace std::string_view_literals;
  constexpr std::array pictures{std::pair{"␍"sv, "\r"sv},
                                std::pair{"␊"sv, "\n"sv},
                                std::pair{"␉"sv, "\t"sv},
                                std::pair{"␣"sv, " "sv},
                                std::pair{"␀"sv, "\0"sv},
                                std::pair{"␌"sv, "\f"sv},
                                std::pair{"‹BOM›"sv, "\xEF\xBB\xBF"sv}};
  for (const auto& [picture, character] : pictures) text = replaced(std::move(text), picture, character);
  return text;
}

struct Case {
  std::string title;
  std::string text;
  std::string expected;
};

// "== title", the file's lines, then lines "=> ..." and others that concern python-dotenv.
Case parse_case(const std::string& block) {
  Case result;
  std::size_t at = block.find('\n');
  result.title = block.substr(0, at++);
  const std::size_t said = block.find("\n=> ", at - 1) + 1;
  result.text = unpictured(block.substr(at, said - at));
  result.text = result.text.substr(0, result.text.find("‹end›"));
  for (std::size_t line = said; block.compare(line, 3, "=> ") == 0; line = block.find('\n', line) + 1) {
    const std::string expected = block.substr(line + 3, block.find('\n', line) - line - 3);
    if (expected != "nothing") result.expected += unpictured(expected) + '\n';
  }
  return result;
}

std::vector<Case> all_cases() {
  std::ifstream file(DOTENV_CASES);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<Case> cases;
  for (std::size_t at = text.find("\n== "); at != std::string::npos;) {
    const std::size_t next = text.find("\n== ", at + 1);
    cases.push_back(parse_case(text.substr(at + 4, next - at - 4) + '\n'));
    at = next;
  }
  return cases;
}

// In the words of dotenv_cases.txt.
std::string told(const locket::Result<std::vector<locket::env::DotenvEntry>>& parsed) {
  if (!parsed) {
    std::string errors = "; " + parsed.error().message() + "\n";
    return replaced(replaced(std::move(errors), "; F:", "\nerror "), ": ", " ").substr(1);
  }
  std::string entries;
  for (const auto& [variable, value, line] : *parsed) {
    entries += variable + " [" + std::string(value.expose()) + "]\n";
  }
  return entries;
}

std::string error_of(std::string_view text) {
  const auto parsed = parse_dotenv(text, "F");
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().code() == ErrorCode::InvalidArgument);
  CHECK(parsed.error().reason() == "dotenv.syntax");
  CHECK_FALSE(parsed.error().hint().empty());
  return parsed.error().to_string();
}

}  // namespace

TEST_CASE("a .env file is read as dotenv_cases.txt says") {
  const auto cases = all_cases();
  REQUIRE(cases.size() >= 60);
  for (const Case& example : cases) {
    CAPTURE(example.title, example.text);
    CHECK(told(parse_dotenv(example.text, "F")) == example.expected);
  }
}

TEST_CASE("an entry knows the line of its name, the last one that counts") {
  const auto entries = parse_dotenv("\n\nA='1\n2'\n export B=2\nA=3\n", "F");
  REQUIRE(entries);
  REQUIRE(entries->size() == 2);
  CHECK(entries->at(0).line == 6);
  CHECK(entries->at(1).line == 5);
}

TEST_CASE("an error of a .env file never quotes the file") {
  const std::string canary = "CANARY-4f1c";
  for (const char* text :
       {"CANARY-4f1c\n", "CANARY-4f1c CANARY-4f1c=CANARY-4f1c\n", "A=\"CANARY-4f1c\n", "A='CANARY-4f1c' CANARY-4f1c\n",
        "A=`CANARY-4f1c\n# CANARY-4f1c\nB\n", "A$CANARY-4f1c\n", "=CANARY-4f1c\n", "\xFF\xFE CANARY-4f1c"}) {
    CAPTURE(text);
    CHECK(error_of(text).find(canary) == std::string::npos);
  }
  using namespace std::string_view_literals;
  CHECK(error_of("A=CANARY-4f1c\0"sv).find(canary) == std::string::npos);
}

TEST_CASE("a file in UTF-16 is one error") {
  using namespace std::string_view_literals;
  for (const std::string_view text : {"\xFF\xFE\x41\0\x3D\0\x31\0"sv, "\xFE\xFF\0\x41\0\x3D\0\x31"sv}) {
    CHECK(error_of(text) == "F:1:1: the file is in UTF-16; hint: save it in UTF-8");
  }
}

TEST_CASE("a file that is no .env file tells its first 50 errors and counts the others") {
  std::string text;
  for (int line = 0; line < 1000; ++line) text += "nothing\n";
  const std::string message = error_of(text);
  CHECK(message.find("F:50:8: ") != std::string::npos);
  CHECK(message.find("F:51:8: ") == std::string::npos);
  CHECK(message.find("; and 950 more") != std::string::npos);
}

TEST_CASE("any bytes are read or refused") {
  constexpr std::string_view characters = "A=\"'`\\n #\r\nexport$\xC3\xA4.";
  std::uint32_t state = 1;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int i = 0; i < 24; ++i) {
      state = state * 1664525U + 1013904223U;  // Numerical Recipes' generator: the same texts on every machine
      text += characters[(state >> 16U) % characters.size()];
    }
    CAPTURE(text);
    const auto parsed = parse_dotenv(text, "F");
    if (parsed) {
      for (const auto& entry : *parsed) REQUIRE_FALSE(entry.variable.empty());
    } else {
      REQUIRE(parsed.error().message().starts_with("F:"));
    }
  }
}
