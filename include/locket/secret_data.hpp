#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <locket/export.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>

namespace locket::inline v1 {

/// One named part of a secret: "username", "password".
struct Field {
  std::string name = {};
  SecretValue value = {};
};

/// What `put` takes: bytes, or fields. The writer says which, and `get` gives back the same kind with the same content,
/// whatever the store. Move-only, since it holds a value; wiped on destruction.
///
/// Fields are kept as one JSON object whose members are strings, so that the tools of Vault, AWS and Azure show them as
/// their users expect; an object that such a tool wrote may also hold numbers and nested values.
/// Thread safety: as a std::string.
class LOCKET_EXPORT SecretData {
 public:
  enum class Kind : std::uint8_t { Bytes, Fields };

  /// Empty bytes.
  SecretData() = default;

  /// Any bytes, of any content, empty ones too.
  static SecretData bytes(SecretValue value) noexcept { return SecretData(Kind::Bytes, std::move(value)); }
  static SecretData bytes(std::string_view value) { return bytes(SecretValue(value)); }

  /// Fields, kept in the given order. InvalidArgument, naming the field, when there is none, when a name is empty or
  /// comes twice, when a name or value is not UTF-8 (put such a value as bytes, or encode it), and when the only field
  /// is called "value" or "value_base64": in Vault that is how plain bytes are kept (see backends/vault).
  static Result<SecretData> fields(const std::vector<Field>& fields);
  /// `SecretData::fields({{"username", "app"}, {"password", password.expose()}})`; the values are copied.
  static Result<SecretData> fields(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);

  /// Fields that are a JSON object already; kept to the byte. InvalidArgument when it is not one object in UTF-8, is
  /// nested deeper than 64, names a member twice, is empty, or is shaped as the last case of `fields`. The message
  /// tells the place and never quotes the text.
  static Result<SecretData> json_object(SecretValue object);

  /// What a store read back as fields: as `json_object`, but any non-empty object is taken as it is. For backends.
  static SecretData stored_fields(SecretValue object) noexcept { return SecretData(Kind::Fields, std::move(object)); }

  Kind kind() const noexcept { return kind_; }
  /// The bytes, or the fields' JSON object.
  const SecretValue& encoded() const noexcept { return encoded_; }
  /// Bytes of `encoded()`, which is what `Capabilities::max_value` limits.
  std::size_t size() const noexcept { return encoded_.size(); }

  SecretData clone() const { return SecretData(kind_, encoded_.clone()); }
  /// Gives the encoded value away, and leaves empty bytes.
  SecretValue release() && noexcept { return kind_ = Kind::Bytes, std::move(encoded_); }

  /// Compares kind and content, the content in constant time.
  friend bool operator==(const SecretData& a, const SecretData& b) noexcept {
    return a.kind_ == b.kind_ && a.encoded_ == b.encoded_;
  }

 private:
  SecretData(Kind kind, SecretValue encoded) noexcept : kind_(kind), encoded_(std::move(encoded)) {}

  Kind kind_ = Kind::Bytes;
  SecretValue encoded_ = {};
};

}  // namespace locket::inline v1
