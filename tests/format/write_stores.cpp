// Writes the stores that cross_test.py reads with the other implementation:   write_stores FOLDER
// FOLDER/NAME.db each, and FOLDER/NAME.json with what is in it, as locket itself reads it and in reader.py's form.
// KEY_VARIABLE holds the root key of the stores that are not made with a key file or a passphrase.

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <locket/backends/local.hpp>
#include <locket/backends/local_admin.hpp>
#include <locket/testing/manual_clock.hpp>

namespace {

using namespace locket;
using nlohmann::json;
using namespace std::chrono_literals;

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::cerr << result.error() << '\n';
    std::exit(1);
  }
  return std::move(*result);
}
void must(const Result<void>& result) {
  if (!result) {
    std::cerr << result.error() << '\n';
    std::exit(1);
  }
}

std::int64_t millis(Clock::Wall time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

json metadata_of(const SecretInfo& info) {
  const Metadata& metadata = *info.metadata;
  json entries = json::object();
  const auto text = [&](const char* key, const std::string& value) {
    if (!value.empty()) entries[key] = value;
  };
  text("description", metadata.description);
  text("type", metadata.type);
  text("provider", metadata.provider);
  text("status", metadata.status);
  for (const auto& [key, value] : metadata.tags) entries["tag/" + key] = value;
  if (metadata.created) entries["created"] = millis(*metadata.created);
  if (metadata.last_rotated) entries["last_rotated"] = millis(*metadata.last_rotated);
  if (metadata.rotation_period) entries["rotation_period"] = metadata.rotation_period->count();
  if (metadata.reminder_days) entries["reminder_days"] = *metadata.reminder_days;
  if (info.fields) entries["fields"] = *info.fields;
  return entries;
}

json version_of(SecretStore& store, NameView name, const VersionInfo& version) {
  static constexpr const char* states[] = {"live", "deleted", "destroyed"};
  json entry = {{"number", std::stoul(version.version.text())},
                {"state", states[static_cast<std::size_t>(version.state)]}};
  if (version.created) entry["created"] = millis(*version.created);
  if (const auto secret = store.get(name, {.which = version.version})) {
    entry["value_kind"] = secret->kind() == SecretData::Kind::Bytes ? "bytes" : "fields";
    entry["value"] = hex(secret->value().expose());
  }
  return entry;
}

json secret_of(SecretStore& store, const SecretInfo& info) {
  json versions = json::array();
  for (const VersionInfo& version : must(store.versions(info.name, {.limit = 1000})).items) {
    versions.insert(versions.begin(), version_of(store, info.name, version));
  }
  json entry = {{"name", info.name.text()}, {"removed", info.deleted}, {"versions", versions}};
  entry["current"] = std::stoul(info.current->text());
  entry["updated"] = millis(*info.metadata->updated);
  entry["expires"] = info.metadata->expires ? json(millis(*info.metadata->expires)) : json();
  entry["metadata"] = metadata_of(info);
  return entry;
}

json contents(SecretStore& store) {
  json secrets = json::array();
  ListOptions options = {.metadata = true, .deleted = true, .limit = 1000};
  do {
    const auto page = must(store.list("", options));
    for (const SecretInfo& info : page.items) secrets.push_back(secret_of(store, info));
    options.page = page.next;
  } while (!options.page.empty());
  return secrets;
}

class Writer {
 public:
  explicit Writer(std::string folder) : folder_(std::move(folder)) {}

  local::Options options(const std::string& name, local::KeySource key) const {
    local::Options options;
    options.settings.clock = clock_;
    options.settings.enforce_expiry = false;
    options.path = folder_ + "/" + name + ".db";
    options.key = std::move(key);
    options.history = 4;
    return options;
  }
  std::string file(const std::string& name) const { return folder_ + "/" + name; }
  std::shared_ptr<SecretStore> create(const std::string& name, local::KeySource key) const {
    return must(local::create(options(name, std::move(key))));
  }
  void describe(const std::string& name, local::KeySource key) const {
    auto store = must(local::open(options(name, std::move(key))));
    std::ofstream(file(name + ".json")) << contents(*store).dump(1);
  }
  testing::ManualClock& clock() const { return *clock_; }

 private:
  std::string folder_;
  std::shared_ptr<testing::ManualClock> clock_ = std::make_shared<testing::ManualClock>();
};

// Every kind of value, metadata and history.
void fill(SecretStore& store, testing::ManualClock& clock) {
  using namespace std::string_view_literals;
  must(store.put("empty", SecretData::bytes("")));
  must(store.put("binary", SecretData::bytes("\0\xFF\n\x80\0"sv)));
  must(store.put("long", SecretData::bytes(std::string(200'000, 'x'))));
  for (std::size_t size = 55; size < 70; ++size) {
    must(store.put(fmt::format("padding/{}", size), SecretData::bytes(std::string(size, 'p'))));
  }
  std::vector<Field> fields;
  fields.push_back({"username", SecretValue("ann")});
  fields.push_back({"pass\"word", SecretValue("tab\t, \xC3\xA9, \xF0\x9F\x94\x91")});
  fields.push_back({"empty", SecretValue("")});
  must(store.put("fields", must(SecretData::fields(std::move(fields)))));
  must(store.put("described", SecretData::bytes("v"),
                 {.metadata = MetadataPatch{.description = "the main database \xE2\x82\xAC",
                                            .type = "basic_auth",
                                            .provider = "postgres",
                                            .status = "active",
                                            .tags = {{"team", "core"}, {"empty", ""}, {"a/b c", "\xC3\xBC"}},
                                            .expires = clock.now() + 24h,
                                            .rotation_period = 90 * 24h,
                                            .last_rotated = clock.now() - 1h,
                                            .reminder_days = 14}}));
  for (int version = 1; version <= 7; ++version) {
    clock.advance(1500ms);
    must(store.put("history", SecretData::bytes(fmt::format("value {}", version)),
                   {.idempotency_key = version == 7 ? "the-key" : ""}));
  }
  must(store.rollback("history", Version("5")));
  must(store.put("removed", SecretData::bytes("gone")));
  must(store.remove("removed"));
  must(store.put("back", SecretData::bytes("one")));
  must(store.remove("back"));
  must(store.put("back", SecretData::bytes("two")));
  must(store.put("purged", SecretData::bytes("never seen again")));
  must(store.purge("purged"));
  must(store.put("A.b_c+d=e@f!g:h-i", SecretData::bytes("every character of a name")));
  must(store.put(std::string(512, 'n'), SecretData::bytes("the longest name")));
  for (int i = 0; i < 300; ++i) must(store.put(fmt::format("many/{}", i), SecretData::bytes(std::to_string(i))));
}

local::KeySource small_passphrase() {
  return local::Passphrase{.text = SecretValue("correct horse"),
                           .cost = {.memory_kib = 19456, .passes = 2, .lanes = 1}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const Writer writer(argv[1]);
  const auto key_file = [&](const char* name) { return local::KeyFile{.path = writer.file(name)}; };

  fill(*writer.create("key-file", key_file("key-file.key")), writer.clock());
  writer.describe("key-file", key_file("key-file.key"));

  must(writer.create("variable", local::KeyVariable{"KEY_VARIABLE"})->put("a", SecretData::bytes("1")));
  writer.describe("variable", local::KeyVariable{"KEY_VARIABLE"});

  must(writer.create("passphrase", small_passphrase())->put("a", SecretData::bytes("1")));
  writer.describe("passphrase", small_passphrase());

  // Both keys changed, and written to afterwards.
  fill(*writer.create("rotated", key_file("first.key")), writer.clock());
  auto admin = must(local::Admin::open(writer.options("rotated", key_file("first.key"))));
  must(admin.rotate());
  must(admin.rekey(key_file("rotated.key")));
  must(must(local::open(writer.options("rotated", key_file("rotated.key"))))->put("late", SecretData::bytes("1")));
  writer.describe("rotated", key_file("rotated.key"));

  // A rotation that was stopped half way: two data keys, each with boxes under it.
  fill(*writer.create("half-rotated", key_file("half-rotated.key")), writer.clock());
  auto half = must(local::Admin::open(writer.options("half-rotated", key_file("half-rotated.key"))));
  std::stop_source stop;
  const auto stopped = half.rotate([&](const local::Progress&) { stop.request_stop(); }, {.stop = stop.get_token()});
  if (stopped || stopped.error().code() != ErrorCode::Cancelled) return 3;
  writer.describe("half-rotated", key_file("half-rotated.key"));

  auto anchored = writer.options("anchored", key_file("anchored.key"));
  anchored.anchor = writer.file("anchored.anchor");
  anchored.start_anchor = true;
  must(must(local::create(std::move(anchored)))->put("a", SecretData::bytes("1")));
  writer.describe("anchored", key_file("anchored.key"));
  return 0;
}
