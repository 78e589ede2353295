#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <locket/metadata.hpp>
#include <locket/secret_value.hpp>

namespace locket::cli {

/// Writes one JSON document, indented, into memory that is wiped: `get` puts values into it.
/// Texts are written as UTF-8; what is not is the caller's part to encode (`is_utf8`).
class Json {
 public:
  Json();
  Json(const Json&) = delete;
  Json& operator=(const Json&) = delete;
  ~Json();

  Json& begin_object();
  Json& end_object();
  Json& begin_array();
  Json& end_array();
  Json& key(std::string_view name);

  Json& text(std::string_view value);
  Json& number(std::uint64_t value);
  Json& boolean(bool value);
  /// A JSON text, as it is.
  Json& raw(std::string_view json);

  Json& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  Json& member(std::string_view name, const char* value) { return key(name).text(value); }
  Json& member(std::string_view name, std::uint64_t value) { return key(name).number(value); }
  Json& member(std::string_view name, bool value) { return key(name).boolean(value); }
  /// Left out when there is none.
  Json& member(std::string_view name, const std::optional<Clock::Wall>& time);
  Json& member(std::string_view name, const std::vector<std::string>& texts);

  /// The document and a newline.
  SecretValue finish() &&;

 private:
  struct Writer;
  std::unique_ptr<Writer> writer_;
};

/// The members of a secret's metadata that are set, into the object that is open.
void write_metadata(Json& json, const Metadata& metadata);

/// Whether `bytes` can stand in JSON as text.
bool is_utf8(std::string_view bytes) noexcept;
/// RFC 4648, with padding.
SecretValue base64(std::string_view bytes);

}  // namespace locket::cli
