#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

namespace locket::inline v1::http {

/// A JSON text that may hold secrets, parsed so that no copy of it outlives this object: the text, and a second copy in
/// which strings are decoded in place, stay in memory that is wiped; beside them there are only lengths and places.
///
///     Result<Json> answer = Json::parse(std::move(response->body));
///     if (!answer) return …;                                 // MalformedResponse, never with a piece of the text
///     const Json::Value data = answer->root()["data"]["data"];   // what is not there is Absent, all the way down
///     if (!data.is(Json::Kind::Object)) return …;
///
/// Move-only. Values point into it and may not outlive it; moving it leaves them valid. Const methods may run at once.
/// To write JSON with secrets, see core/json_arena.hpp.
class Json {
 public:
  enum class Kind : std::uint8_t { Absent, Null, Boolean, Number, String, Array, Object };
  class Value;

  /// MalformedResponse (reason "http.json"): not one JSON value in UTF-8, deeper than `max_depth` (found out before
  /// anything is built of it), more than a million values, or a member twice in one object. Empty text is not JSON.
  static Result<Json> parse(SecretBuffer text, std::size_t max_depth = 64);

  Value root() const noexcept;

 private:
  friend class JsonBuilder;
  // In the order of the text: what is inside an array or object follows it, up to `end`. Places are the same in both
  // texts, since decoding makes nothing longer.
  struct Node {
    Kind kind = Kind::Absent;
    std::uint32_t name_begin = 0;  // decoded
    std::uint32_t name_size = 0;
    std::uint32_t text_begin = 0;  // decoded, of a string
    std::uint32_t text_size = 0;
    std::uint32_t begin = 0;  // as it came
    std::uint32_t size = 0;
    std::uint32_t end = 0;  // the index behind the last value inside
  };
  struct Content {
    SecretBuffer text = {};
    SecretBuffer decoded = {};
    std::vector<Node> nodes = {};
  };

  explicit Json(std::unique_ptr<const Content> content) noexcept : content_(std::move(content)) {}

  std::unique_ptr<const Content> content_;
};

/// One value of a Json, or Absent. Cheap to copy.
class Json::Value {
 public:
  Value() noexcept = default;

  Kind kind() const noexcept { return content_ == nullptr ? Kind::Absent : node().kind; }
  bool is(Kind kind) const noexcept { return this->kind() == kind; }
  /// Neither Absent nor Null.
  explicit operator bool() const noexcept { return kind() != Kind::Absent && kind() != Kind::Null; }

  /// The member of that name; Absent when there is none, or this is no object.
  Value operator[](std::string_view name) const noexcept;
  /// The items of an array or the members of an object (each with its `name`), in their order; else none.
  std::vector<Value> children() const;

  /// The name of a member; else empty.
  std::string_view name() const noexcept;
  /// A string's characters, or a number, true or false as it is written; else empty.
  std::string_view text() const noexcept;
  /// All of it as it came, a string with its quotes; empty when Absent.
  std::string_view raw() const noexcept;
  /// Of a Number without fraction or exponent that fits; else none. A String is none.
  std::optional<std::int64_t> integer() const noexcept;
  /// Of a Boolean; else none.
  std::optional<bool> boolean() const noexcept;

 private:
  friend class Json;
  Value(const Content* content, std::size_t index) noexcept : content_(content), index_(index) {}
  const Node& node() const noexcept { return content_->nodes[index_]; }

  const Content* content_ = nullptr;
  std::size_t index_ = 0;
};

}  // namespace locket::inline v1::http
