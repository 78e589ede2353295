// Values come back as they were put: the same kind, the same content.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

using namespace std::string_view_literals;

// Seeds all of them and reads them back.
void come_back(Trial& t, std::span<const std::string_view> values) {
  std::vector<Seed> seeds;
  seeds.reserve(values.size());
  for (const std::string_view value : values) seeds.push_back({fmt::format("v{}", seeds.size()), bytes(value)});
  SecretStore& store = t.open(seeds);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto secret = store.get(seeds[i].name);
    t.holds(secret, values[i], "get of " + quoted(values[i].substr(0, 40)));
    if (secret) t.that(secret->kind() == SecretData::Kind::Bytes, "bytes to come back as bytes", "fields");
  }
}

void empty(Trial& t) {
  come_back(t, std::array{""sv});
}

void every_byte(Trial& t) {
  std::string all;
  for (int byte = t.quirks().no_nul ? 1 : 0; byte < 256; ++byte) all += static_cast<char>(byte);
  come_back(t, std::array<std::string_view, 1>{all});
}

void not_text(Trial& t) {
  come_back(t, std::array{"\xff\xfe"sv, "\xc3"sv, "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv, "caf\xc3\xa9"sv,
                          "\xef\xbb\xbf x"sv});
}

void nul(Trial& t) {
  if (t.skip_if(t.quirks().no_nul, "a value in this store cannot hold a NUL byte")) return;
  come_back(t, std::array{"\0"sv, "a\0b"sv, "a\0"sv, "\0\0\0\0"sv});
}

void white_space(Trial& t) {
  come_back(t,
            std::array{"s3cret\n"sv, "s3cret\r\n"sv, " s3cret"sv, "s3cret "sv, "\n"sv, "\t"sv, " "sv, "a\nb\r\nc"sv});
}

void quotes(Trial& t) {
  come_back(t, std::array{R"("s3cret")"sv, "'s3cret'"sv, "$HOME"sv, "${HOME}"sv, "$(id)"sv, "`id`"sv, R"(a\nb)"sv,
                          "#a"sv, "a=b"sv, "%41"sv, "czNjcmV0"sv, "&lt;"sv, "null"sv, "0x41"sv, "007"sv, "1e3"sv});
}

void json_stays_bytes(Trial& t) {
  come_back(
      t, std::array{R"({"user":"x"})"sv, R"({ "user" : "x" })"sv, R"({"value":"x"})"sv, R"({"value_base64":"eA=="})"sv,
                    "{}"sv, "[]"sv, R"(["x"])"sv, R"("x")"sv, "42"sv, "true"sv, "{"sv, R"({"a":1,"a":2})"sv});
}

void large(Trial& t) {
  constexpr std::uint64_t most = 65'536;
  const std::uint64_t limit = t.can().max_value;
  std::string value(limit == 0 ? most : std::min(limit, most), 'x');
  for (std::size_t i = 0; i < value.size(); i += 61) value[i] = static_cast<char>('a' + i % 26);
  come_back(t, std::array<std::string_view, 1>{value});
}

// Where blocks, pads and buffers end.
void sizes(Trial& t) {
  std::vector<std::string> texts;
  for (const std::size_t edge : {2U, 8U, 16U, 32U, 48U, 64U, 128U, 256U, 512U, 1024U, 4096U}) {
    for (const std::size_t size : {edge - 1, edge, edge + 1}) {
      if (t.can().max_value == 0 || size <= t.can().max_value)
        texts.emplace_back(size, static_cast<char>('a' + size % 26));
    }
  }
  come_back(t, std::vector<std::string_view>(texts.begin(), texts.end()));
}

void fields_come_back(Trial& t) {
  if (t.skip_if(t.quirks().bytes_only, "this store keeps bytes only")) return;
  const std::array content{Text{"host", "db.example"}, Text{"note", "a\"b\\c\n\td\xc3\xa9\xe2\x82\xac"},
                           Text{"password", R"({"not":"parsed"})"}, Text{"username", ""}};
  std::vector<Seed> seeds;
  seeds.push_back({"login", fields({content[0], content[1], content[2], content[3]})});
  const auto secret = t.value(t.open(seeds).get("login"), called("get", "login"));
  if (!secret) return;
  t.that(secret->kind() == SecretData::Kind::Fields, "fields to come back as fields", "bytes");
  for (const auto& [name, value] : content) t.has_field(*secret, name, value);
  const auto names = t.value(secret->field_names(), "Secret::field_names");
  if (names) t.count(names->size(), content.size(), "the number of fields");
}

void fields_keep_their_order(Trial& t) {
  if (t.skip_if(t.quirks().bytes_only || t.quirks().reorders_fields, "this store orders fields itself")) return;
  std::vector<Seed> seeds;
  seeds.push_back({"login", fields({{"zulu", "1"}, {"alpha", "2"}, {"mike", "3"}})});
  const auto secret = t.value(t.open(seeds).get("login"), called("get", "login"));
  if (!secret) return;
  const auto names = t.value(secret->field_names(), "Secret::field_names");
  if (names) t.same(*names, {"zulu", "alpha", "mike"}, "the fields to be in the order in which they were put");
}

void fields_of_any_name(Trial& t) {
  if (t.skip_if(t.quirks().bytes_only, "this store keeps bytes only")) return;
  SecretStore& store = t.open();
  const std::string_view nul = t.quirks().no_nul ? "n" : "a\0b"sv;
  t.put(store, "login",
        fields({{"nul", nul}, {"p\xc3\xa4ss word", "1"}, {"a.b/c", "2"}, {R"(x"y\)", "3"}, {"..", "4"}}));
  const auto secret = t.value(store.get("login"), called("get", "login"));
  if (!secret) return;
  t.has_field(*secret, "nul", nul);
  t.has_field(*secret, "p\xc3\xa4ss word", "1");
  t.has_field(*secret, "a.b/c", "2");
  t.has_field(*secret, R"(x"y\)", "3");
  t.has_field(*secret, "..", "4");
}

void json_object(Trial& t) {
  if (t.skip_if(t.quirks().bytes_only, "this store keeps bytes only")) return;
  constexpr auto text = R"({"text":"x","number":15,"yes":true,"none":null,"nested":{"list":[1,"two"]}})"sv;
  SecretStore& store = t.open();
  t.put(store, "object", SecretData::json_object(SecretValue(text)).value());
  const auto secret = t.value(store.get("object"), called("get", "object"));
  if (!secret) return;
  t.that(secret->kind() == SecretData::Kind::Fields, "a JSON object to come back as fields", "bytes");
  for (const auto& [name, value] : {Text{"text", "x"}, {"number", "15"}, {"yes", "true"}, {"none", "null"}}) {
    t.has_field(*secret, name, value);
  }
  if (t.quirks().reorders_fields) return;
  t.that(secret->value().expose() == text, "the object to be kept to the byte", "other text");
}

// In Vault an object with only `value` is how plain bytes are kept.
void almost_reserved(Trial& t) {
  if (t.skip_if(t.quirks().bytes_only, "this store keeps bytes only")) return;
  SecretStore& store = t.open();
  t.put(store, "one", fields({{"value", "x"}, {"other", "y"}}));
  t.put(store, "two", fields({{"value", "x"}, {"value_base64", "eA=="}}));
  t.put(store, "three", fields({{"Value", "x"}}));
  for (const auto& [name, field] : {Text{"one", "value"}, {"two", "value"}, {"three", "Value"}}) {
    const auto secret = t.value(store.get(name), called("get", name));
    if (!secret) continue;
    t.that(secret->kind() == SecretData::Kind::Fields, "fields to come back as fields", "bytes");
    t.has_field(*secret, field, "x");
  }
}

using Can = Capabilities;
constexpr std::string_view same_content = "`get` gives back the same kind with the same content, whatever the store";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"value/empty", "secret_data.hpp", "Any bytes, of any content, empty ones too.", {}, empty},
    {"value/every-byte", "secret_data.hpp", "Any bytes, of any content, empty ones too.", {}, every_byte},
    {"value/not-text", "secret_data.hpp", "Any bytes, of any content, empty ones too.", {}, not_text},
    {"value/nul", "secret_data.hpp", "Any bytes, of any content, empty ones too.", {}, nul},
    {"value/white-space", "secret_data.hpp", same_content, {}, white_space},
    {"value/quotes", "secret_data.hpp", same_content, {}, quotes},
    {"value/json-stays-bytes", "secret_data.hpp", same_content, {}, json_stays_bytes},
    {"value/large", "secret_data.hpp", same_content, {}, large},
    {"value/sizes", "secret_data.hpp", same_content, {}, sizes},
    {"value/fields", "secret_data.hpp", same_content, {}, fields_come_back},
    {"value/fields-in-order", "secret_data.hpp", "Fields, kept in the given order.", {}, fields_keep_their_order},
    {"value/fields-of-any-name", "secret_data.hpp", same_content, {&Can::put}, fields_of_any_name},
    {"value/json-object",
     "secret_data.hpp",
     "Fields that are a JSON object already; kept to the byte.",
     {&Can::put},
     json_object},
    {"value/almost-reserved", "secret_data.hpp", same_content, {&Can::put}, almost_reserved},
});

}  // namespace

Theme value_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
