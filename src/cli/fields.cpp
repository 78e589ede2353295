#include "fields.hpp"

#include <algorithm>

#include <locket/secret_buffer.hpp>

#include "failure.hpp"
#include "json_stream.hpp"

namespace locket::cli {
namespace {

using rapidjson::SizeType;
using Writer = rapidjson::Writer<BufferStream, Utf8, Utf8, CheckedAllocator>;

// Writes what it hears, but for the members of the outermost object that are replaced.
class FieldReplacer : public rapidjson::BaseReaderHandler<Utf8, FieldReplacer> {
 public:
  FieldReplacer(BufferStream& stream, const std::vector<Field>& fields) : out_(stream), fields_(fields) {}

  bool Null() { return skipped() || out_.Null(); }
  bool Bool(bool value) { return skipped() || out_.Bool(value); }
  bool RawNumber(const char* text, SizeType size, bool) {
    return skipped() || out_.RawValue(text, size, rapidjson::kNumberType);
  }
  bool String(const char* text, SizeType size, bool) { return skipped() || out_.String(text, size); }
  bool Key(const char* text, SizeType size, bool) {
    if (skipping_) return true;
    const Field* field = depth_ == 1 ? find({text, size}) : nullptr;
    if (field == nullptr) return out_.Key(text, size);
    skipping_ = true;
    return write(*field);
  }
  bool StartObject() { return ++depth_, skipping_ || out_.StartObject(); }
  bool StartArray() { return ++depth_ > 1 && (skipping_ || out_.StartArray()); }
  bool EndObject(SizeType) {
    if (--depth_ == 0) write_rest();
    return skipped() || out_.EndObject();
  }
  bool EndArray(SizeType) { return --depth_, skipped() || out_.EndArray(); }

 private:
  const Field* find(std::string_view name) const {
    const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const Field& f) { return f.name == name; });
    return found == fields_.end() ? nullptr : &*found;
  }
  bool write(const Field& field) {
    const std::string_view value = field.value.expose();
    written_.push_back(&field);
    return out_.Key(field.name.data(), static_cast<SizeType>(field.name.size())) &&
           out_.String(value.data(), static_cast<SizeType>(value.size()));
  }
  void write_rest() {
    for (const Field& field : fields_) {
      if (std::find(written_.begin(), written_.end(), &field) == written_.end()) write(field);
    }
  }
  // Whether the value that was heard is, or belongs to, one that is replaced.
  bool skipped() {
    const bool skip = skipping_;
    if (depth_ <= 1) skipping_ = false;
    return skip;
  }

  Writer out_;
  const std::vector<Field>& fields_;
  std::vector<const Field*> written_ = {};
  std::size_t depth_ = 0;
  bool skipping_ = false;
};

}  // namespace

Result<SecretData> with_fields(std::string_view object, const std::vector<Field>& fields) {
  SecretBuffer copy;
  copy.append(object);
  copy.push_back('\0');
  SecretBuffer result;
  BufferStream stream{result};
  FieldReplacer replacer(stream, fields);
  rapidjson::InsituStringStream in(copy.data());
  JsonReader reader;
  if (reader.Parse<parse_flags>(in, replacer).IsError()) return usage("the value is no JSON object");
  return SecretData::json_object(std::move(result).finish());
}

}  // namespace locket::cli
