#include "resolver/json_value.hpp"

#include <algorithm>
#include <vector>

#include "core/json_arena.hpp"
#include "resolver/double_quoted.hpp"

namespace locket::inline v1::resolver {
namespace {

// Writes while RapidJSON reads. Keys are views into the text that is parsed in place.
class JsonWriter : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, JsonWriter> {
 public:
  JsonWriter(const JsonDialect& dialect, SecretBuffer& out) : dialect_(dialect), out_(out) {}

  bool Null() { return dialect_.has_null ? word("null") : fail("it holds a null"); }
  bool Bool(bool value) { return word(value ? "true" : "false"); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    separate();
    return fail(dialect_.number({text, size}, out_));
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    separate();
    append_double_quoted({text, size}, out_);
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    separate();
    const std::string_view key(text, size);
    keys_.push_back(key);
    if (size > dialect_.longest_key) out_.append(dialect_.long_key_sign);
    append_double_quoted(key, out_);
    out_.append(dialect_.key_sign);
    after_key_ = true;
    return true;
  }
  bool StartObject() { return open('{'); }
  bool StartArray() { return open('['); }
  bool EndObject(rapidjson::SizeType members) {
    const auto first = keys_.end() - static_cast<std::ptrdiff_t>(members);
    std::sort(first, keys_.end());
    if (std::adjacent_find(first, keys_.end()) != keys_.end()) return fail("it names a key twice");
    keys_.erase(first, keys_.end());
    return close('}');
  }
  bool EndArray(rapidjson::SizeType) { return close(']'); }

  std::string_view problem;

 private:
  // False stops the parser; no problem goes on.
  bool fail(std::string_view why) {
    problem = why;
    return why.empty();
  }
  void separate() {
    if (!after_key_ && !first_) out_.append(", ");
    first_ = after_key_ = false;
  }
  bool word(std::string_view text) {
    separate();
    out_.append(text);
    return true;
  }
  bool open(char bracket) {
    if (++depth_ > dialect_.max_depth) return fail("it nests too deep");
    separate();
    out_.push_back(bracket);
    first_ = true;
    return true;
  }
  bool close(char bracket) {
    --depth_;
    out_.push_back(bracket);
    first_ = false;
    return true;
  }

  const JsonDialect& dialect_;
  SecretBuffer& out_;
  std::vector<std::string_view> keys_;  // Of all open objects, the innermost last.
  std::size_t depth_ = 0;
  bool first_ = true;
  bool after_key_ = false;
};

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

}  // namespace

std::string_view append_json(std::string_view json, const JsonDialect& dialect, SecretBuffer& out) {
  constexpr std::string_view no_json = "it is no JSON";
  if (json.find('\0') != std::string_view::npos) return no_json;
  SecretBuffer copy;
  copy.append(json);
  copy.push_back('\0');
  const std::size_t size = out.size();
  JsonWriter writer(dialect, out);
  rapidjson::InsituStringStream stream(copy.data());
  json_arena::Reader reader;
  if (!reader.Parse<json_arena::parse_flags>(stream, writer).IsError()) return {};
  out.truncate(size);
  return writer.problem.empty() ? no_json : writer.problem;
}

bool is_integer_literal(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, is_digit) && (text.size() == 1 || text.front() != '0');
}

}  // namespace locket::inline v1::resolver
