#include "json_fields.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <rapidjson/error/en.h>

#include <locket/secret_buffer.hpp>

#include "json_arena.hpp"
#include "printable.hpp"

namespace locket::inline v1 {
namespace {

constexpr std::size_t max_depth = 64;

Error no_fields(std::string why) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "secret.no_fields",
                .message = "the value has no fields: " + std::move(why),
                .hint = "read the whole value, or put fields"});
}

// Collects the members of the outermost object as text: strings decoded, everything else as it is written. `source` is
// the untouched text beside the copy that is parsed in place, since a nested value is kept to the byte.
class FieldCollector : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, FieldCollector> {
 public:
  FieldCollector(std::string_view source, rapidjson::InsituStringStream& stream) : source_(source), stream_(stream) {}

  // A member that is null is as one that is not there: nobody's password is "null".
  bool Null() {
    if (depth_ == 1) fields.pop_back();
    return depth_ != 0;
  }
  bool Bool(bool value) { return scalar(value ? "true" : "false"); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return scalar({text, size}); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return scalar({text, size}); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ == 1) fields.push_back({.name = std::string(text, size)});
    return true;
  }
  bool StartObject() { return open(); }
  bool StartArray() { return depth_ != 0 && open(); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  std::vector<Field> fields;
  bool too_deep = false;

 private:
  bool scalar(std::string_view text) {
    if (depth_ == 1) fields.back().value = SecretValue(text);
    return depth_ != 0;
  }
  bool open() {
    if (++depth_ == 2) nested_ = stream_.Tell();
    too_deep = depth_ > max_depth;
    return !too_deep;
  }
  // RapidJSON calls before it takes the bracket.
  bool close() {
    if (--depth_ == 1) fields.back().value = SecretValue(source_.substr(nested_, stream_.Tell() + 1 - nested_));
    return true;
  }

  std::string_view source_;
  rapidjson::InsituStringStream& stream_;
  std::size_t depth_ = 0;
  std::size_t nested_ = 0;
};

bool write_string(json_arena::Writer& writer, std::string_view text) {
  if (text.size() > std::numeric_limits<rapidjson::SizeType>::max()) return false;
  return writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

}  // namespace

std::optional<std::string_view> first_duplicate(const std::vector<Field>& fields) {
  std::vector<std::string_view> names;
  names.reserve(fields.size());
  for (const Field& field : fields) names.push_back(field.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  return twice == names.end() ? std::nullopt : std::optional(*twice);
}

Result<std::vector<Field>> parse_fields(std::string_view json) {
  if (json.find('\0') != std::string_view::npos) return no_fields("it holds a NUL byte");
  SecretBuffer copy;
  copy.append(json);
  copy.push_back('\0');
  rapidjson::InsituStringStream stream(copy.data());
  FieldCollector collector(json, stream);
  json_arena::Reader reader;
  const auto parsed = reader.Parse<json_arena::parse_flags>(stream, collector);
  if (collector.too_deep) return no_fields(fmt::format("it nests deeper than {}", max_depth));
  if (parsed.IsError()) return no_fields(fmt::format("it is not a JSON object (byte {})", parsed.Offset()));
  if (collector.fields.empty()) return no_fields("it has no members");
  if (first_duplicate(collector.fields)) return no_fields("it names a member twice");
  return std::move(collector.fields);
}

Result<SecretValue> write_fields(const std::vector<Field>& fields) {
  SecretBuffer buffer;
  json_arena::BufferStream stream{buffer};
  json_arena::Writer writer(stream);
  writer.StartObject();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!write_string(writer, fields[i].name))
      return no_fields(fmt::format("the name of field {} is not UTF-8", i + 1));
    if (!write_string(writer, fields[i].value.expose())) {
      return no_fields(fmt::format("the value of the field '{}' is not UTF-8", printable(fields[i].name)));
    }
  }
  writer.EndObject();
  return std::move(buffer).finish();
}

}  // namespace locket::inline v1
