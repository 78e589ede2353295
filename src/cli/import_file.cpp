#include "import_file.hpp"

#include <fmt/format.h>

#include <locket/backends/env.hpp>

#include "failure.hpp"
#include "input.hpp"
#include "json_stream.hpp"
#include "text.hpp"

namespace locket::cli {
namespace {

// As an env: store tells it.
Result<std::string> name_of(const env::DotenvEntry& entry) {
  std::string name;
  for (char c : entry.variable) {
    if (c >= 'a' && c <= 'z') {
      return usage(fmt::format("line {}: the variable '{}' has lower-case letters, and no name stands for it",
                               entry.line, entry.variable),
                   "write it in upper case");
    }
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

// The members of the outermost object, and those of the objects in it.
class SecretCollector : public rapidjson::BaseReaderHandler<Utf8, SecretCollector> {
 public:
  struct Secret {
    std::string name = {};
    SecretValue value = {};
    std::vector<Field> fields = {};
    bool has_fields = false;
  };

  bool Null() { return refuse("null is no value"); }
  bool Bool(bool value) { return scalar(value ? "true" : "false"); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return scalar({text, size}); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return scalar({text, size}); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ == 1) secrets.push_back({.name = std::string(text, size)});
    if (depth_ == 2) secrets.back().fields.push_back({.name = std::string(text, size)});
    return true;
  }
  bool StartObject() {
    if (++depth_ == 3) return refuse("an object in a secret's fields");
    if (depth_ == 2) secrets.back().has_fields = true;
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return --depth_, true; }
  bool StartArray() { return refuse("an array is no value"); }

  std::vector<Secret> secrets = {};
  std::string refusal = {};

 private:
  bool scalar(std::string_view text) {
    if (depth_ == 0) return refuse("the file is not an object");
    (depth_ == 1 ? secrets.back().value : secrets.back().fields.back().value) = SecretValue(text);
    return true;
  }
  bool refuse(const char* why) {
    refusal = secrets.empty() ? why : fmt::format("'{}': {}", printable(secrets.back().name), why);
    return false;
  }

  std::size_t depth_ = 0;
};

Result<Imported> make_secret(SecretCollector::Secret& secret) {
  if (!secret.has_fields)
    return Imported{.name = std::move(secret.name), .data = SecretData::bytes(std::move(secret.value))};
  auto data = SecretData::fields(secret.fields);
  if (!data) return std::move(data).error();
  return Imported{.name = std::move(secret.name), .data = std::move(*data)};
}

Error bad_json(const std::string& path, const std::string& why) {
  return usage(fmt::format("cannot import '{}': {}", printable(path), why),
               R"(write an object: {"api/key": "…", "db": {"username": "…", "password": "…"}})");
}

}  // namespace

Result<std::vector<Imported>> read_env_file(const std::string& path) {
  auto entries = env::read_dotenv(path == "-" ? "/dev/fd/0" : path);
  if (!entries) return std::move(entries).error();
  std::vector<Imported> all;
  for (env::DotenvEntry& entry : *entries) {
    auto name = name_of(entry);
    if (!name) return std::move(name).error();
    all.push_back({.name = std::move(*name), .data = SecretData::bytes(std::move(entry.value))});
  }
  return all;
}

Result<std::vector<Imported>> read_json_file(const std::string& path) {
  auto text = read_file(path);
  if (!text) return std::move(text).error();
  if (text->view().find('\0') != std::string_view::npos) return bad_json(path, "it holds a NUL byte");
  text->push_back('\0');
  SecretCollector collector;
  rapidjson::InsituStringStream in(text->data());
  JsonReader reader;
  const auto parsed = reader.Parse<parse_flags>(in, collector);
  if (!collector.refusal.empty()) return bad_json(path, collector.refusal);
  if (parsed.IsError()) return bad_json(path, fmt::format("it is not JSON (byte {})", parsed.Offset()));
  std::vector<Imported> all;
  for (auto& secret : collector.secrets) {
    auto made = make_secret(secret);
    if (!made) return std::move(made).error();
    all.push_back(std::move(*made));
  }
  return all;
}

}  // namespace locket::cli
