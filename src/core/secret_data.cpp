#include <locket/secret_data.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "json_fields.hpp"
#include "printable.hpp"

namespace locket::inline v1 {
namespace {

Error bad_fields(std::string message, std::string hint = {}) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "fields.invalid",
                .message = std::move(message),
                .hint = std::move(hint)});
}

// Vault keeps plain bytes as an object with this one member; fields of the same shape would come back as bytes there.
bool looks_like_bytes(const std::vector<Field>& fields) {
  return fields.size() == 1 && (fields[0].name == "value" || fields[0].name == "value_base64");
}

Result<void> check_fields(const std::vector<Field>& fields) {
  if (fields.empty()) return bad_fields("there are no fields");
  if (looks_like_bytes(fields)) {
    return bad_fields(fmt::format("the only field is called '{}'", fields[0].name),
                      "put the value itself as bytes, or name the field otherwise");
  }
  const bool unnamed = std::any_of(fields.begin(), fields.end(), [](const Field& field) { return field.name.empty(); });
  if (unnamed) return bad_fields("a field's name is empty");
  if (const auto twice = first_duplicate(fields)) {
    return bad_fields(fmt::format("the field '{}' comes twice", printable(*twice)));
  }
  return {};
}

}  // namespace

Result<SecretData> SecretData::fields(const std::vector<Field>& fields) {
  if (auto good = check_fields(fields); !good) return std::move(good).error();
  auto object = write_fields(fields);
  if (!object) {
    return bad_fields(object.error().message(),
                      "encode binary values, in base64 say, or put them as bytes of their own");
  }
  return SecretData(Kind::Fields, std::move(*object));
}

Result<SecretData> SecretData::fields(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::vector<Field> owned;
  owned.reserve(fields.size());
  for (const auto& [name, value] : fields) owned.push_back({.name = std::string(name), .value = SecretValue(value)});
  return SecretData::fields(owned);
}

Result<SecretData> SecretData::json_object(SecretValue object) {
  auto fields = parse_fields(object.expose());
  if (!fields) return bad_fields(fields.error().message(), "give one JSON object with distinct members");
  if (auto good = check_fields(*fields); !good) return std::move(good).error();
  return SecretData(Kind::Fields, std::move(object));
}

}  // namespace locket::inline v1
