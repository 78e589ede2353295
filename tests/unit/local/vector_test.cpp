// The example at the end of FORMAT.md, byte for byte.
#include <cstdio>

#include "crypto/sha256.hpp"
#include "local_test.hpp"

using namespace local_test;

namespace {

/// 1 January 2030, 00:00 UTC, for ever.
class FixedClock final : public Clock {
 public:
  Wall now() const noexcept override { return Wall(std::chrono::seconds(1893456000)); }
  Steady steady() const noexcept override { return {}; }
  bool wait_until(Steady, std::stop_token stop) override { return !stop.stop_requested(); }
};

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += two;
  }
  return text;
}

// A name, and the bytes below it, 48 in a line.
std::string line(std::string_view name, std::string_view bytes) {
  std::string text(name);
  for (std::size_t i = 0; i < bytes.size(); i += 48) text += "\n  " + hex(bytes.substr(i, 48));
  return text + "\n";
}

}  // namespace

TEST_CASE("the format's example is what we write") {
  Folder folder;
  ::setenv("LOCKET_TEST_KEY", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 1);
  auto how = options(folder);
  how.key = local::KeyVariable{.name = "LOCKET_TEST_KEY"};
  how.settings.clock = std::make_shared<FixedClock>();
  how.random = std::make_shared<CountingRandom>();
  const Store store = must(local::create(std::move(how)));
  must(store->put("db/password", SecretData::bytes("hunter2"),
                  {.metadata = MetadataPatch{.description = "main", .tags = {{"team", "core"}}}}));
  must(store->put("db/password", SecretData::bytes("hunter3"), {.idempotency_key = "k"}));
  ::unsetenv("LOCKET_TEST_KEY");

  Raw raw(folder.file("store.db"));
  std::string text = line("header.body", raw.blob("SELECT body FROM header"));
  text += line("header.sum", raw.blob("SELECT sum FROM header"));
  text += line("header.mac", raw.blob("SELECT mac FROM header"));
  text += line("dek.box", raw.blob("SELECT box FROM dek"));
  text += "item.bucket\n  " + raw.blob("SELECT bucket FROM item") + "\n";
  text += line("item.meta", raw.blob("SELECT meta FROM item"));
  text += line("item.val", raw.blob("SELECT val FROM item"));
  text += line("old.val, version 1", raw.blob("SELECT val FROM old"));
  const auto digest = must(crypto::sha256({crypto::bytes_of(raw.blob("SELECT box FROM state"))}));
  text += line("SHA-256 of state.box", {reinterpret_cast<const char*>(digest.data()), digest.size()});

  const std::string page = read_all(LOCKET_FORMAT_MD);
  const auto begin = page.find("header.body\n");
  INFO(text);
  REQUIRE(begin != std::string::npos);
  CHECK(page.substr(begin, text.size()) == text);
}
