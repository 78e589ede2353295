#include "json.hpp"

#include <openssl/evp.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/prettywriter.h>

#include <locket/secret_buffer.hpp>

#include "json_stream.hpp"
#include "when.hpp"

namespace locket::cli {

struct Json::Writer {
  SecretBuffer buffer = {};
  BufferStream stream{buffer};
  rapidjson::PrettyWriter<BufferStream, Utf8, Utf8, CheckedAllocator> out{stream};
};

Json::Json() : writer_(std::make_unique<Writer>()) {
  writer_->out.SetIndent(' ', 2);
}
Json::~Json() = default;

Json& Json::begin_object() {
  return writer_->out.StartObject(), *this;
}
Json& Json::end_object() {
  return writer_->out.EndObject(), *this;
}
Json& Json::begin_array() {
  return writer_->out.StartArray(), *this;
}
Json& Json::end_array() {
  return writer_->out.EndArray(), *this;
}
Json& Json::key(std::string_view name) {
  return text(name);
}
Json& Json::text(std::string_view value) {
  return writer_->out.String(value.data(), static_cast<rapidjson::SizeType>(value.size())), *this;
}
Json& Json::number(std::uint64_t value) {
  return writer_->out.Uint64(value), *this;
}
Json& Json::boolean(bool value) {
  return writer_->out.Bool(value), *this;
}
Json& Json::raw(std::string_view json) {
  return writer_->out.RawValue(json.data(), json.size(), rapidjson::kObjectType), *this;
}

Json& Json::member(std::string_view name, const std::optional<Clock::Wall>& time) {
  return time ? member(name, format_time(*time)) : *this;
}
Json& Json::member(std::string_view name, const std::vector<std::string>& texts) {
  key(name).begin_array();
  for (const std::string& each : texts) text(each);
  return end_array();
}

SecretValue Json::finish() && {
  writer_->buffer.push_back('\n');
  return std::move(writer_->buffer).finish();
}

void write_metadata(Json& json, const Metadata& metadata) {
  const auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) json.member(name, value);
  };
  text("description", metadata.description);
  text("type", metadata.type);
  text("provider", metadata.provider);
  text("status", metadata.status);
  if (!metadata.tags.empty()) {
    json.key("tags").begin_object();
    for (const auto& [key, value] : metadata.tags) json.member(key, value);
    json.end_object();
  }
  json.member("created", metadata.created).member("updated", metadata.updated).member("expires", metadata.expires);
  if (metadata.rotation_period) json.member("rotate_every", format_duration(*metadata.rotation_period));
  json.member("last_rotated", metadata.last_rotated);
  if (metadata.reminder_days) json.member("remind_days", std::uint64_t{*metadata.reminder_days});
}

namespace {

struct Nowhere {
  using Ch = char;
  void Put(char) {}
};

}  // namespace

bool is_utf8(std::string_view bytes) noexcept {
  rapidjson::MemoryStream in(bytes.data(), bytes.size());
  Nowhere out;
  while (in.Tell() < bytes.size()) {
    if (!Utf8::Validate(in, out)) return false;
  }
  return true;
}

SecretValue base64(std::string_view bytes) {
  SecretBuffer text;
  const std::span<char> room = text.prepare((bytes.size() + 2) / 3 * 4 + 1);
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(room.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.commit(static_cast<std::size_t>(size));
  return std::move(text).finish();
}

}  // namespace locket::cli
