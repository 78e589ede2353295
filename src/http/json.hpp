#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>
#include <locket/secret_value.hpp>

namespace locket::inline v1::http {

/// A JSON text that may hold secrets, parsed so that no copy of it outlives this object: the text, and a second copy in
/// which strings are decoded in place, stay in memory that is wiped; beside them there are only lengths and places.
///
///     Result<Json> answer = Json::parse(std::move(response->body));
///     if (!answer) return …;                                       // MalformedResponse, never with a piece of the
///     text const Json::Value data = answer->root()["data"]["data"];     // what is not there is Absent, all the way
///     down if (!data.is(Json::Kind::Object)) return …;
///
/// Move-only. Values point into it and may not outlive it; moving it leaves them valid. Const methods may run at once.
/// To write JSON with secrets, see core/json_arena.hpp.
class Json {
 public:
  enum class Kind : std::uint8_t { Absent, Null, Boolean, Number, String, Array, Object };
  class Value;

  /// MalformedResponse (reason "http.json"): not one JSON value in UTF-8, deeper than `max_depth` (found out before
  /// anything is built), or with a member twice in one object. Empty text is not JSON either.
  static Result<Json> parse(SecretBuffer text, std::size_t max_depth = 64);

  Value root() const noexcept;

 private:
  friend class JsonBuilder;
  // In the order of the text: an object's or array's descendants follow it, up to `end`.
  struct Node {
    Kind kind = Kind::Absent;
    std::string_view name = {};  // in `decoded_`; of a member of an object
    std::string_view text = {};  // in `decoded_`: a string's characters; a number as it is written; "true"
    std::string_view raw = {};   // in `text_`: all of it, as it came
    std::size_t end = 0;         // the index behind its last descendant
  };

  SecretBuffer text_;
  SecretBuffer decoded_;
  std::vector<Node> nodes_;
};

/// One value of a Json, or Absent. Cheap to copy.
class Json::Value {
 public:
  Value() noexcept = default;

  Kind kind() const noexcept { return nodes_ == nullptr ? Kind::Absent : node().kind; }
  bool is(Kind kind) const noexcept { return this->kind() == kind; }
  /// Neither Absent nor Null.
  explicit operator bool() const noexcept { return kind() != Kind::Absent && kind() != Kind::Null; }

  /// The member of that name; Absent when there is none, or this is no object.
  Value operator[](std::string_view name) const noexcept;
  /// The items of an array or the members of an object (each with its `name`), in their order; else none.
  std::vector<Value> children() const;
  std::size_t size() const noexcept;

  /// The name of a member; else empty.
  std::string_view name() const noexcept { return nodes_ == nullptr ? std::string_view() : node().name; }
  /// A string's characters, or a number, true or false as it is written; else empty.
  std::string_view text() const noexcept { return nodes_ == nullptr ? std::string_view() : node().text; }
  /// All of it as it came, an object with its braces; empty when Absent.
  std::string_view raw() const noexcept { return nodes_ == nullptr ? std::string_view() : node().raw; }
  /// Of a Number without fraction or exponent that fits; else none. A String is none.
  std::optional<std::int64_t> integer() const noexcept;
  /// Of a Boolean; else none.
  std::optional<bool> boolean() const noexcept;

 private:
  friend class Json;
  Value(const Node* nodes, std::size_t index) noexcept : nodes_(nodes), index_(index) {}
  const Node& node() const noexcept { return nodes_[index_]; }

  const Node* nodes_ = nullptr;
  std::size_t index_ = 0;
};

}  // namespace locket::inline v1::http
