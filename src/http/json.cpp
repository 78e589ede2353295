#include "http/json.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/json_arena.hpp"

namespace locket::inline v1::http {
namespace {

constexpr std::size_t max_values = 1'000'000;

Error malformed(std::string_view why) {
  return Error({.code = ErrorCode::MalformedResponse,
                .reason = "http.json",
                .message = fmt::format("the answer is not the JSON that was expected: {}", why),
                .hint = "check that the address is the service's own, and what is between"});
}

}  // namespace

/// Notes each value as it is parsed.
class JsonBuilder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, JsonBuilder> {
 public:
  using Kind = Json::Kind;

  JsonBuilder(Json::Content& content, rapidjson::InsituStringStream& stream, std::size_t max_depth)
      : nodes_(content.nodes),
        source_(content.text.view()),
        decoded_(content.decoded.data()),
        stream_(stream),
        max_depth_(max_depth) {}

  bool Null() { return word(Kind::Null, 4); }
  bool Bool(bool value) { return word(Kind::Boolean, value ? 4 : 5); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return add(Kind::Number, place(text), size); }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    const std::uint32_t begin = place(text);
    if (!add(Kind::String, begin - 1, size_of_string(begin))) return false;
    nodes_.back().text_begin = begin;
    nodes_.back().text_size = size;
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    name_begin_ = place(text);
    name_size_ = size;
    return true;
  }
  bool StartObject() { return open(Kind::Object); }
  bool StartArray() { return open(Kind::Array); }
  bool EndObject(rapidjson::SizeType) { return close() && are_names_different(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  /// Why parsing was given up, in words; null when it was not.
  const char* objection() const noexcept { return objection_; }

 private:
  std::uint32_t place(const char* in_decoded) const noexcept {
    return static_cast<std::uint32_t>(in_decoded - decoded_);
  }
  // RapidJSON calls when it has read a word to its end, and at a bracket before it takes it.
  std::uint32_t here() const noexcept { return static_cast<std::uint32_t>(stream_.Tell()); }
  bool word(Kind kind, std::uint32_t size) { return add(kind, here() - size, size); }

  // With its quotes, from the source: what was decoded may have become shorter.
  std::uint32_t size_of_string(std::size_t begin) const noexcept {
    std::size_t end = begin;
    while (source_[end] != '"') end += source_[end] == '\\' ? 2U : 1U;
    return static_cast<std::uint32_t>(end - begin + 2);
  }

  bool add(Kind kind, std::uint32_t begin, std::uint32_t size) {
    if (nodes_.size() == max_values) return object("it has more than a million values");
    nodes_.push_back({.kind = kind,
                      .name_begin = std::exchange(name_begin_, 0),
                      .name_size = std::exchange(name_size_, 0),
                      .begin = begin,
                      .size = size,
                      .end = static_cast<std::uint32_t>(nodes_.size() + 1)});
    return true;
  }
  bool open(Kind kind) {
    if (open_.size() == max_depth_) return object("it nests too deep");
    open_.push_back(nodes_.size());
    return add(kind, here(), 1);
  }
  bool close() {
    closed_ = open_.back();
    open_.pop_back();
    Json::Node& node = nodes_[closed_];
    node.size = here() + 1 - node.begin;
    node.end = static_cast<std::uint32_t>(nodes_.size());
    return true;
  }
  bool are_names_different() {
    names_.clear();
    for (std::size_t i = closed_ + 1; i < nodes_[closed_].end; i = nodes_[i].end) {
      names_.emplace_back(decoded_ + nodes_[i].name_begin, nodes_[i].name_size);
    }
    std::sort(names_.begin(), names_.end());
    const bool twice = std::adjacent_find(names_.begin(), names_.end()) != names_.end();
    return !twice || object("it names a member twice");
  }
  bool object(const char* why) noexcept {
    objection_ = why;
    return false;
  }

  std::vector<Json::Node>& nodes_;
  std::string_view source_;
  const char* decoded_;
  rapidjson::InsituStringStream& stream_;
  std::size_t max_depth_;
  std::vector<std::size_t> open_;
  std::vector<std::string_view> names_;
  std::size_t closed_ = 0;
  std::uint32_t name_begin_ = 0;
  std::uint32_t name_size_ = 0;
  const char* objection_ = nullptr;
};

Result<Json> Json::parse(SecretBuffer text, std::size_t max_depth) {
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) return malformed("it is too large");
  if (text.view().find('\0') != std::string_view::npos) return malformed("it holds a NUL byte");
  auto content = std::make_unique<Content>();
  content->text = std::move(text);
  content->decoded.reserve(content->text.size() + 1);
  content->decoded.append(content->text.view());
  content->decoded.push_back('\0');
  constexpr std::size_t bytes_of_a_value = 16;
  content->nodes.reserve(std::min(content->text.size() / bytes_of_a_value + 1, max_values));
  rapidjson::InsituStringStream stream(content->decoded.data());
  JsonBuilder builder(*content, stream, max_depth);
  json_arena::Reader reader;
  const auto parsed = reader.Parse<json_arena::parse_flags>(stream, builder);
  if (builder.objection() != nullptr) return malformed(builder.objection());
  if (parsed.IsError()) return malformed(fmt::format("there is a fault at byte {}", parsed.Offset()));
  return Json(std::move(content));
}

Json::Value Json::root() const noexcept {
  return {content_.get(), 0};
}

Json::Value Json::Value::operator[](std::string_view name) const noexcept {
  if (!is(Kind::Object)) return {};
  for (std::size_t i = index_ + 1; i < node().end; i = content_->nodes[i].end) {
    const Value member(content_, i);
    if (member.name() == name) return member;
  }
  return {};
}

std::vector<Json::Value> Json::Value::children() const {
  std::vector<Value> all;
  if (content_ == nullptr) return all;
  for (std::size_t i = index_ + 1; i < node().end; i = content_->nodes[i].end) all.push_back({content_, i});
  return all;
}

std::string_view Json::Value::name() const noexcept {
  if (content_ == nullptr) return {};
  return content_->decoded.view().substr(node().name_begin, node().name_size);
}

std::string_view Json::Value::text() const noexcept {
  switch (kind()) {
    case Kind::String: return content_->decoded.view().substr(node().text_begin, node().text_size);
    case Kind::Number:
    case Kind::Boolean: return raw();
    default: return {};
  }
}

std::string_view Json::Value::raw() const noexcept {
  return content_ == nullptr ? std::string_view() : content_->text.view().substr(node().begin, node().size);
}

std::optional<std::int64_t> Json::Value::integer() const noexcept {
  if (!is(Kind::Number)) return std::nullopt;
  const std::string_view digits = raw();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<bool> Json::Value::boolean() const noexcept {
  return is(Kind::Boolean) ? std::optional(raw() == "true") : std::nullopt;
}

}  // namespace locket::inline v1::http
