#include "crypto/key_text.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "crypto/random.hpp"
#include "vectors.hpp"

using namespace locket::crypto;
using locket::ErrorCode;
using vectors::array_from_hex;
using vectors::to_hex;

namespace {

struct Pair {
  std::string hex, line;
};

// Computed with Python's hashlib and base64; the second has every character that the ordinary alphabet writes
// otherwise.
const Pair plain{"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                 "locket-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9jDc0p"};
const Pair dashes{"fbffbefbffbefbffbefbffbefbffbefbffbefbffbefbffbefbffbefbffbefbff",
                  "locket-key-1:-_---_---_---_---_---_---_---_---_---_---_-jU9ac"};

void check_refused(const locket::Result<Key>& key, const std::string& text) {
  INFO(text);
  REQUIRE_FALSE(key);
  CHECK(key.error().code() == ErrorCode::InvalidArgument);
  CHECK(key.error().reason() == "local.key_file_format");
  if (text.size() > 20) CHECK(key.error().to_string().find(text.substr(14, 6)) == std::string::npos);
}

std::string with(std::string text, std::size_t at, char c) {
  text[at] = c;
  return text;
}

}  // namespace

TEST_CASE("a key is written as one line and read back") {
  for (const Pair& pair : {plain, dashes}) {
    const Key key(array_from_hex<32>(pair.hex));
    const auto text = encode_key(key);
    REQUIRE(text);
    CHECK(text->view() == pair.line + "\n");
    const auto read = parse_key_file(text->view());
    REQUIRE(read);
    CHECK(*read == key);
  }
}

TEST_CASE("any key comes back") {
  OpensslRandom random;
  for (int i = 0; i < 1000; ++i) {
    const auto key = Key::generate(random);
    const auto read = parse_key_file(encode_key(*key)->view());
    REQUIRE(read);
    REQUIRE(*read == *key);
  }
}

TEST_CASE("a key file is its one line and nothing else") {
  const std::string line = plain.line;
  const std::string body = line.substr(13);
  const std::vector<std::string> refused = {
      "", "\n", line, line + "\r\n", line + "\n\n", line + " \n", " " + line + "\n", "\xEF\xBB\xBF" + line + "\n",
      line + "\n" + line + "\n", line + "A", line + "\r", line + '\0' + "\n",
      // another label, no label, too long, too short
      body + "\n", "LOCKET-KEY-1:" + body + "\n", "locket-key-2:" + body + "\n", "locket-key-1: " + body + "\n",
      line + "=\n", line.substr(0, 60) + "\n", "locket-key-1:\n", "locket-key-1:" + std::string(48, 'A') + "\n",
      std::string(1 << 20, 'A') + "\n",
      // what is no base64url
      with(line, 20, '\n') + "\n", with(line, 20, ' ') + "\n", with(line, 20, '=') + "\n", with(line, 20, '\0') + "\n",
      with(line, 20, '\xC3') + "\n",
      // what other programs take for a key
      plain.hex, plain.hex + "\n", "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef\n"};
  for (const std::string& text : refused) check_refused(parse_key_file(text), text);
}

TEST_CASE("the ordinary alphabet of base64 is refused, so that a key has one text only") {
  for (std::size_t i = 13; i < dashes.line.size(); ++i) {
    const std::string text = with(dashes.line, i, dashes.line[i] == '-' ? '+' : '/') + "\n";
    if (dashes.line[i] == '-' || dashes.line[i] == '_') check_refused(parse_key_file(text), text);
  }
}

TEST_CASE("a changed character or two exchanged ones are found") {
  for (std::size_t i = 13; i < plain.line.size(); ++i) {
    const std::string changed = with(plain.line, i, plain.line[i] == 'Q' ? 'R' : 'Q') + "\n";
    check_refused(parse_key_file(changed), changed);
    if (i + 1 == plain.line.size() || plain.line[i] == plain.line[i + 1]) continue;
    const std::string exchanged = with(with(plain.line, i, plain.line[i + 1]), i + 1, plain.line[i]) + "\n";
    check_refused(parse_key_file(exchanged), exchanged);
  }
}

TEST_CASE("an environment variable holds the line, with or without newline, or 64 hexadecimal digits") {
  const Key key(array_from_hex<32>(plain.hex));
  std::string upper = plain.hex;
  for (char& c : upper) c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  for (const std::string& text : {plain.line, plain.line + "\n", plain.hex, upper}) {
    const auto read = parse_key_variable(text);
    REQUIRE(read);
    CHECK(*read == key);
  }
  const std::vector<std::string> refused = {"",
                                            plain.hex + "\n",
                                            "0x" + plain.hex,
                                            plain.hex.substr(2),
                                            plain.hex + "00",
                                            " " + plain.hex,
                                            "0x" + plain.hex.substr(2),
                                            with(plain.hex, 63, 'g'),
                                            with(plain.hex, 0, ' '),
                                            with(plain.hex, 1, '\0'),
                                            plain.line + "\n\n",
                                            "0123456789abcdef0123456789abcdef"};
  for (const std::string& text : refused) check_refused(parse_key_variable(text), text);
}
