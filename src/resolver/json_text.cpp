#include "resolver/json_text.hpp"

#include <limits>
#include <string>
#include <vector>

#include "core/json_arena.hpp"
#include "resolver/code_point.hpp"

namespace locket::inline v1::resolver {
namespace {

constexpr std::size_t max_depth = 64;

// RapidJSON lets the escape of half a surrogate pair through, which is no text then.
class Validator : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Validator> {
 public:
  static bool Default() { return true; }
  static bool RawNumber(const char*, rapidjson::SizeType, bool) { return true; }
  static bool String(const char* text, rapidjson::SizeType size, bool) { return is_utf8({text, size}); }
  static bool Key(const char* text, rapidjson::SizeType size, bool) { return is_utf8({text, size}); }
  bool StartObject() { return ++depth_ <= max_depth; }
  bool StartArray() { return ++depth_ <= max_depth; }
  bool EndObject(rapidjson::SizeType) { return depth_-- > 0; }
  bool EndArray(rapidjson::SizeType) { return depth_-- > 0; }

 private:
  std::size_t depth_ = 0;
};

SecretBuffer terminated_copy(std::string_view text) {
  SecretBuffer copy;
  copy.reserve(text.size() + 1);
  copy.append(text);
  copy.push_back('\0');
  return copy;
}

bool is_index(std::string_view token, std::size_t index) {
  return token == std::to_string(index);
}

std::vector<std::string> tokens_of(std::string_view pointer) {
  std::vector<std::string> tokens;
  for (std::size_t at = 0; at < pointer.size(); ++at) {
    if (pointer[at] == '/') {
      tokens.emplace_back();
    } else if (pointer[at] == '~' && at + 1 < pointer.size()) {
      tokens.back() += pointer[++at] == '0' ? '~' : '/';
    } else {
      tokens.back() += pointer[at];
    }
  }
  return tokens;
}

// Walks over a document and keeps what the pointer leads to. `level` counts the containers that are open,
// `on_path_` how many of them lie on the pointer's way.
class Follower : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Follower> {
 public:
  Follower(std::string_view source, std::string_view pointer, rapidjson::InsituStringStream& stream)
      : source_(source), tokens_(tokens_of(pointer)), stream_(stream) {}

  // As with fields: what is null is not there.
  bool Null() {
    step();
    return inside();
  }
  bool Bool(bool truth) { return scalar(truth ? "true" : "false"); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return scalar({text, size}); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return scalar({text, size}); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (level_ == on_path_) {
      matches_ = tokens_[level_ - 1] == std::string_view(text, size);
      if (matches_ && seen_.back()) ambiguous = true;
      if (matches_) seen_.back() = true;
    }
    return !ambiguous;
  }
  bool StartObject() { return open(false); }
  bool StartArray() { return open(true); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  bool found = false;
  bool ambiguous = false;
  SecretValue value = {};

 private:
  enum class Step : std::uint8_t { Elsewhere, OnTheWay, Target };

  bool inside() const { return level_ != 0; }

  // Where the value that begins now lies.
  Step step() {
    if (level_ == 0) return Step::OnTheWay;
    if (level_ != on_path_) return Step::Elsewhere;
    const bool here = in_array_.back() ? is_index(tokens_[level_ - 1], index_.back()++) : matches_;
    if (!here) return Step::Elsewhere;
    return level_ == tokens_.size() ? Step::Target : Step::OnTheWay;
  }

  bool scalar(std::string_view text) {
    if (step() == Step::Target) keep(text);
    return inside();
  }
  void keep(std::string_view text) {
    value = SecretValue(text);
    found = true;
  }

  bool open(bool is_array) {
    const Step where = step();
    if (++level_ > max_depth) return false;
    if (where == Step::Target) {
      target_level_ = level_;
      target_begin_ = stream_.Tell();
    } else if (where == Step::OnTheWay) {
      on_path_ = level_;
      in_array_.push_back(is_array);
      index_.push_back(0);
      seen_.push_back(false);
    }
    return true;
  }

  // RapidJSON calls before it takes the bracket.
  bool close() {
    if (level_ == target_level_) {
      keep(source_.substr(target_begin_, stream_.Tell() + 1 - target_begin_));
      target_level_ = 0;
    }
    if (level_ == on_path_) {
      --on_path_;
      in_array_.pop_back();
      index_.pop_back();
      seen_.pop_back();
    }
    --level_;
    return true;
  }

  std::string_view source_;
  std::vector<std::string> tokens_;
  rapidjson::InsituStringStream& stream_;
  std::size_t level_ = 0;
  std::size_t on_path_ = 0;
  std::size_t target_level_ = 0;
  std::size_t target_begin_ = 0;
  bool matches_ = false;
  std::vector<bool> in_array_;
  std::vector<std::size_t> index_;
  std::vector<bool> seen_;
};

}  // namespace

bool is_json(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return false;
  SecretBuffer copy = terminated_copy(text);
  rapidjson::InsituStringStream stream(copy.data());
  Validator validator;
  json_arena::Reader reader;
  return !reader.Parse<json_arena::parse_flags>(stream, validator).IsError();
}

bool append_json_string(std::string_view text, SecretBuffer& out) {
  if (text.size() > std::numeric_limits<rapidjson::SizeType>::max() || !is_utf8(text)) return false;
  json_arena::BufferStream stream{out};
  json_arena::Writer writer(stream);
  return writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

Pointed follow_pointer(std::string_view json, std::string_view pointer, SecretValue& value) {
  if (json.find('\0') != std::string_view::npos) return Pointed::NoJson;
  SecretBuffer copy = terminated_copy(json);
  rapidjson::InsituStringStream stream(copy.data());
  Follower follower(json, pointer, stream);
  json_arena::Reader reader;
  const bool failed = reader.Parse<json_arena::parse_flags>(stream, follower).IsError();
  if (follower.ambiguous) return Pointed::Ambiguous;
  if (failed) return Pointed::NoJson;
  if (!follower.found) return Pointed::Missing;
  value = std::move(follower.value);
  return Pointed::Found;
}

}  // namespace locket::inline v1::resolver
