#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>
#include <sqlite3.h>

/// The limits of the local store: the same work with SQLite and OpenSSL alone, as someone would write it who wants no
/// more than a row and a value that nobody else can read. No history, no metadata, nothing tells what was replayed.
namespace bare {

inline void check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "the limit's own %s failed\n", what);
  std::abort();
}

/// AES-256-GCM under one key, which is expanded once: nonce[12] ‖ ciphertext ‖ tag[16].
class Gcm {
 public:
  static constexpr std::size_t nonce_size = 12;
  static constexpr std::size_t tag_size = 16;

  Gcm() {
    const std::array<unsigned char, 32> key{7};
    check(EVP_CipherInit_ex(sealing_.get(), EVP_aes_256_gcm(), nullptr, key.data(), nullptr, 1) == 1, "key");
    check(EVP_CipherInit_ex(opening_.get(), EVP_aes_256_gcm(), nullptr, key.data(), nullptr, 0) == 1, "key");
  }

  std::string seal(std::uint32_t number, std::string_view plaintext) {
    std::string box(nonce_size + plaintext.size() + tag_size, '\0');
    auto* bytes = reinterpret_cast<unsigned char*>(box.data());
    for (int i = 0; i < 4; ++i) bytes[i] = static_cast<unsigned char>(number >> 8 * i);
    int n = 0;
    EVP_CIPHER_CTX* context = sealing_.get();
    const auto* in = reinterpret_cast<const unsigned char*>(plaintext.data());
    check(EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, bytes) == 1 &&
              EVP_EncryptUpdate(context, bytes + nonce_size, &n, in, static_cast<int>(plaintext.size())) == 1 &&
              EVP_EncryptFinal_ex(context, bytes + nonce_size + n, &n) == 1 &&
              EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_size, &box[box.size() - tag_size]) == 1,
          "seal");
    return box;
  }

  std::string open(std::string_view box) {
    const std::string_view sealed = box.substr(nonce_size, box.size() - nonce_size - tag_size);
    std::array<char, tag_size> tag;
    box.copy(tag.data(), tag.size(), box.size() - tag_size);
    std::string plaintext(sealed.size(), '\0');
    auto* out = reinterpret_cast<unsigned char*>(plaintext.data());
    int n = 0;
    EVP_CIPHER_CTX* context = opening_.get();
    check(EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, bytes_of(box)) == 1 &&
              EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1 &&
              EVP_DecryptUpdate(context, out, &n, bytes_of(sealed), static_cast<int>(sealed.size())) == 1 &&
              EVP_DecryptFinal_ex(context, out + n, &n) == 1,
          "open");
    return plaintext;
  }

 private:
  struct Free {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
  };
  using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;
  static const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }

  Context sealing_{EVP_CIPHER_CTX_new()};
  Context opening_{EVP_CIPHER_CTX_new()};
};

/// One statement, prepared once.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql) {
    check(sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) == SQLITE_OK, sql);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void bind_text(int index, std::string_view text) {
    check(sqlite3_bind_text(statement_, index, text.data(), static_cast<int>(text.size()), nullptr) == SQLITE_OK,
          "bind");
  }
  void bind_blob(int index, std::string_view blob) {
    check(sqlite3_bind_blob(statement_, index, blob.data(), static_cast<int>(blob.size()), nullptr) == SQLITE_OK,
          "bind");
  }
  void step(int expected) { check(sqlite3_step(statement_) == expected, "step"); }
  std::string_view blob() {
    const void* data = sqlite3_column_blob(statement_, 0);
    return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_, 0))};
  }
  void reset() { sqlite3_reset(statement_); }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

/// A connection. Reads and writes are transactions of their own, as durable as the local store's.
class Connection {
 public:
  explicit Connection(const std::string& path) {
    check(sqlite3_open(path.c_str(), &database_) == SQLITE_OK, "database");
  }
  ~Connection() { sqlite3_close(database_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void execute(const char* sql) { check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql); }
  /// As the local store writes; the rollback journal and the size of pages are SQLite's defaults there, too.
  void be_durable() { execute("PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON"); }
  sqlite3* get() const { return database_; }

 private:
  sqlite3* database_ = nullptr;
};

/// Values by name.
class Table {
 public:
  static constexpr const char* schema =
      "CREATE TABLE item(name TEXT PRIMARY KEY NOT NULL, val BLOB NOT NULL) STRICT, WITHOUT ROWID";

  explicit Table(const std::string& path) : connection_(path) {}

  Connection& connection() { return connection_; }
  std::string get(std::string_view name) {
    select_.bind_text(1, name);
    select_.step(SQLITE_ROW);
    std::string value = gcm_.open(select_.blob());
    select_.reset();
    return value;
  }
  void insert(std::string_view name, std::string_view value) { write(insert_, name, value); }
  void update(std::string_view name, std::string_view value) { write(update_, name, value); }

 private:
  void write(Statement& statement, std::string_view name, std::string_view value) {
    const std::string box = gcm_.seal(++sealed_, value);
    statement.bind_text(1, name);
    statement.bind_blob(2, box);
    statement.step(SQLITE_DONE);
    statement.reset();
  }

  Connection connection_;
  Gcm gcm_;
  std::uint32_t sealed_ = 0;
  Statement select_{connection_.get(), "SELECT val FROM item WHERE name=?1"};
  Statement insert_{connection_.get(), "INSERT INTO item(name, val) VALUES(?1, ?2)"};
  Statement update_{connection_.get(), "UPDATE item SET val=?2 WHERE name=?1"};
};

}  // namespace bare
