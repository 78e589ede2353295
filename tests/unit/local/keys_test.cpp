#include <cstdlib>

#include "crypto/key_text.hpp"
#include "crypto/sha256.hpp"
#include "header.hpp"
#include "local_test.hpp"

using namespace local_test;

namespace {

const std::string some_key = std::string(64, 'a');

local::Options with_key(const Folder& folder, local::KeySource key) {
  local::Options how = options(folder);
  how.key = std::move(key);
  return how;
}

void check_refused(local::Options how, std::string_view expected, ErrorCode code) {
  const auto store = local::open(std::move(how));
  CHECK(reason(store) == expected);
  CHECK(has_hint(store));
  if (!store) CHECK(store.error().code() == code);
}

// A header as an attacker writes it, with a checksum that is right.
void write_header(const Folder& folder, const std::string& body) {
  const auto sum = must(local::header_sum(local::bytes_of(body)));
  Raw(folder.file("store.db")).run_with("UPDATE header SET body=?, sum=?", {body, std::string(local::text_of(sum))});
}

}  // namespace

TEST_CASE("a key file is taken only when nobody else could have read or made it") {
  Folder folder;
  created(folder).reset();
  const std::string key = folder.file("store.db.key");
  const std::string text = read_all(key);

  SECTION("missing") {
    fs::remove(key);
    check_refused(options(folder), "local.key_file_missing", ErrorCode::Unauthenticated);
  }
  SECTION("a link") {
    fs::rename(key, folder.file("real"));
    fs::create_symlink("real", key);
    check_refused(options(folder), "local.key_file_type", ErrorCode::Unauthenticated);
    auto mounted = local::KeyFile{.path = key, .policy = local::KeyFilePolicy::Mounted};
    CHECK(local::open(with_key(folder, mounted)).ok());
  }
  SECTION("a folder") {
    fs::remove(key);
    fs::create_directory(key);
    check_refused(options(folder), "local.key_file_type", ErrorCode::Unauthenticated);
  }
  SECTION("readable by others") {
    for (const ::mode_t mode : {0640U, 0604U, 0620U}) {
      ::chmod(key.c_str(), mode);
      check_refused(options(folder), "local.key_file_mode", ErrorCode::Unauthenticated);
    }
    auto mounted = local::KeyFile{.path = key, .policy = local::KeyFilePolicy::Mounted};
    check_refused(with_key(folder, mounted), "local.key_file_mode", ErrorCode::Unauthenticated);
    ::chmod(key.c_str(), 0444);
    CHECK(local::open(with_key(folder, mounted)).ok());
  }
  SECTION("another user's") {
    if (::geteuid() != 0) SKIP("because only root can give a file away");
    REQUIRE(::chown(key.c_str(), 65534, 65534) == 0);
    check_refused(options(folder), "local.key_file_owner", ErrorCode::Unauthenticated);
  }
  SECTION("short, long, empty, of another form") {
    for (const std::string& bad : {text.substr(0, 40), text + "\n", std::string(), std::string(62, 'x'),
                                   text.substr(0, 20) + (text[20] == 'A' ? "B" : "A") + text.substr(21)}) {
      write_all(key, bad);
      const auto store = local::open(options(folder));
      CHECK(reason(store) == "local.key_file_format");
      CHECK(has_hint(store));
      if (!store && bad.size() > 30) CHECK(store.error().to_string().find(bad.substr(14, 12)) == std::string::npos);
    }
  }
  SECTION("the store itself, by mistake") {
    check_refused(with_key(folder, local::KeyFile{.path = folder.file("store.db")}), "local.key_file_format",
                  ErrorCode::InvalidArgument);
  }
}

TEST_CASE("another key is told from a damaged header") {
  Folder folder;
  created(folder).reset();
  created(folder, "other.db").reset();
  const std::string path = folder.file("store.db");

  SECTION("another key") {
    const auto key = local::KeyFile{.path = folder.file("other.db.key")};
    check_refused(with_key(folder, key), "local.wrong_key", ErrorCode::Unauthenticated);
  }
  SECTION("each bit of the header") {
    const std::string body = Raw(path).blob("SELECT body FROM header");
    for (std::size_t bit = 0; bit < body.size() * 8; ++bit) {
      std::string altered = body;
      altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
      Raw(path).run_with("UPDATE header SET body=?", {altered});
      CHECK(reason(local::open(options(folder))) == "local.damaged_header");
    }
  }
  SECTION("checksum, MAC, and what is not there") {
    Raw(path).run("UPDATE header SET sum=x'0011223344556677'");
    check_refused(options(folder), "local.damaged_header", ErrorCode::Integrity);
    Raw(path).run("UPDATE header SET sum=x'00'");
    check_refused(options(folder), "local.damaged_header", ErrorCode::Integrity);
    Raw(path).run("DELETE FROM header");
    check_refused(options(folder), "local.damaged_header", ErrorCode::Integrity);
  }
  SECTION("an altered MAC looks like another key") {
    Raw(path).run("UPDATE header SET mac=zeroblob(32)");
    check_refused(options(folder), "local.wrong_key", ErrorCode::Unauthenticated);
  }
  SECTION("a header that was altered on purpose") {
    auto header = must(local::parse_header(local::bytes_of(Raw(path).blob("SELECT body FROM header"))));
    header.store_id[0] ^= std::byte{1};
    write_header(folder, encode(header));
    check_refused(options(folder), "local.wrong_key", ErrorCode::Unauthenticated);
  }
}

TEST_CASE("a key in an environment variable") {
  Folder folder;
  ::setenv("LOCKET_TEST_KEY", some_key.c_str(), 1);
  const local::KeyVariable key{.name = "LOCKET_TEST_KEY"};
  put(must(local::create(with_key(folder, key))), "a", "1");
  CHECK(get(must(local::open(with_key(folder, key))), "a") == "1");
  ::setenv("LOCKET_TEST_KEY", std::string(64, 'b').c_str(), 1);
  check_refused(with_key(folder, key), "local.wrong_key", ErrorCode::Unauthenticated);
  ::setenv("LOCKET_TEST_KEY", "a password of thirty-two letters", 1);
  check_refused(with_key(folder, key), "local.key_file_format", ErrorCode::InvalidArgument);
  ::unsetenv("LOCKET_TEST_KEY");
  check_refused(with_key(folder, key), "local.key_variable_missing", ErrorCode::Unauthenticated);
}

TEST_CASE("a passphrase is its exact bytes") {
  Folder folder;
  put(must(local::create(with_key(folder, cheap("correct horse")))), "a", "1");
  CHECK(get(must(local::open(with_key(folder, cheap("correct horse")))), "a") == "1");
  for (const char* wrong : {"correct horse ", "Correct horse", "correct"}) {
    check_refused(with_key(folder, cheap(wrong)), "local.wrong_key", ErrorCode::Unauthenticated);
  }
  check_refused(with_key(folder, cheap("")), "local.option", ErrorCode::InvalidArgument);
  ::setenv("LOCKET_TEST_PASSPHRASE", "correct horse", 1);
  CHECK(local::open(with_key(folder, local::PassphraseVariable{.name = "LOCKET_TEST_PASSPHRASE"})).ok());
  ::unsetenv("LOCKET_TEST_PASSPHRASE");
}

TEST_CASE("the file says which kind of key opens it") {
  Folder folder;
  created(folder).reset();
  check_refused(with_key(folder, cheap("x")), "local.wrong_key_kind", ErrorCode::Unauthenticated);
  created(folder, "other.db").reset();
  fs::remove(folder.file("store.db"));
  must(local::create(with_key(folder, cheap("x")))).reset();
  const auto store = local::open(options(folder));
  CHECK(reason(store) == "local.wrong_key_kind");
  CHECK(store.error().message().find("passphrase") != std::string::npos);
}

TEST_CASE("hostile costs of a passphrase are refused before they are paid") {
  Folder folder;
  must(local::create(with_key(folder, cheap("x")))).reset();
  auto header =
      must(local::parse_header(local::bytes_of(Raw(folder.file("store.db")).blob("SELECT body FROM header"))));
  const auto refused_with = [&](crypto::Argon2Params params) {
    header.kdf = params;
    write_header(folder, encode(header));
    check_refused(with_key(folder, cheap("x")), "local.kdf_limits", ErrorCode::LimitExceeded);
  };
  refused_with({.memory_kib = 0xffffffff, .passes = 1, .lanes = 1});
  refused_with({.memory_kib = 256 * 1024 + 1, .passes = 1, .lanes = 1});
  refused_with({.memory_kib = 8, .passes = 1, .lanes = 1});
  refused_with({.memory_kib = 65536, .passes = 0xffffffff, .lanes = 1});
  refused_with({.memory_kib = 65536, .passes = 0, .lanes = 1});
  refused_with({.memory_kib = 256 * 1024, .passes = 8, .lanes = 1});
  refused_with({.memory_kib = 65536, .passes = 3, .lanes = 0});
  refused_with({.memory_kib = 65536, .passes = 3, .lanes = 17});

  header.kdf = {.memory_kib = 300 * 1024, .passes = 1, .lanes = 1};
  write_header(folder, encode(header));
  auto how = with_key(folder, cheap("x"));
  how.max_kdf_memory = 300;
  check_refused(std::move(how), "local.wrong_key", ErrorCode::Unauthenticated);
}

TEST_CASE("a store is not created with a passphrase that is too cheap") {
  Folder folder;
  auto cost = local::Passphrase{.text = SecretValue("x"), .cost = {.memory_kib = 1024, .passes = 1, .lanes = 1}};
  const auto store = local::create(with_key(folder, std::move(cost)));
  CHECK(reason(store) == "local.kdf_limits");
  CHECK(contents(folder.path()).empty());
}

namespace {

class TestProvider final : public local::KeyProvider {
 public:
  std::string id() const override { return id_; }
  bool accepts(std::string_view key_ref) const override { return key_ref == "key/1"; }
  Result<Wrapped> wrap(const SecretValue& root, std::string_view context) override {
    context_ = context;
    std::string blob(root.expose());
    for (char& c : blob) c = static_cast<char>(c ^ 0x55);
    return Wrapped{.key_ref = "key/1", .blob = blob};
  }
  Result<SecretValue> unwrap(std::string_view, std::string_view blob, std::string_view context) override {
    ++unwraps;
    if (context != context_) return Error({.code = ErrorCode::PermissionDenied, .message = "another context"});
    std::string root(blob);
    for (char& c : root) c = static_cast<char>(c ^ 0x55);
    return SecretValue::take(std::move(root));
  }

  std::string id_ = "test";
  int unwraps = 0;

 private:
  std::string context_;
};

}  // namespace

TEST_CASE("a key provider wraps the root key, and only its own references are unwrapped") {
  Folder folder;
  const auto provider = std::make_shared<TestProvider>();
  const local::ProvidedKey key{.provider = provider};
  put(must(local::create(with_key(folder, key))), "a", "1");
  CHECK(get(must(local::open(with_key(folder, key))), "a") == "1");
  const int unwraps = provider->unwraps;
  auto header =
      must(local::parse_header(local::bytes_of(Raw(folder.file("store.db")).blob("SELECT body FROM header"))));

  SECTION("a foreign reference") {
    header.key_ref = "arn:attacker";
    write_header(folder, encode(header));
    check_refused(with_key(folder, key), "local.foreign_key_ref", ErrorCode::Unauthenticated);
    CHECK(provider->unwraps == unwraps);
  }
  SECTION("a foreign provider") {
    provider->id_ = "other";
    check_refused(with_key(folder, key), "local.wrong_key_kind", ErrorCode::Unauthenticated);
    CHECK(provider->unwraps == unwraps);
  }
  SECTION("another blob") {
    header.blob[3] = static_cast<char>(header.blob[3] ^ 1);
    write_header(folder, encode(header));
    check_refused(with_key(folder, key), "local.wrong_key", ErrorCode::Unauthenticated);
  }
}
