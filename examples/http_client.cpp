// An HTTP client that takes its API key from a store, wherever that is, and goes on when the key is changed:
//
//   http_client https://api.example.com openai/api_key     GETs each path that it reads from standard input
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <curl/curl.h>

#include <locket/all.hpp>
#include <locket/secret_buffer.hpp>

namespace {

// What leaves the store goes where it is needed and nowhere else: the header is built in memory that is wiped. (libcurl
// copies it into the request that it sends, and does not wipe that.)
locket::SecretBuffer authorization(const locket::Secret& key) {
  locket::SecretBuffer header;
  header.append("Authorization: Bearer ");
  header.append(key.value().expose());
  header.push_back('\0');
  return header;
}

std::size_t drop(const char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

class Client {
 public:
  Client(std::shared_ptr<locket::SecretStore> store, locket::Name key_name, std::string base)
      : store_(std::move(store)), key_name_(std::move(key_name)), base_(std::move(base)), curl_(curl_easy_init()) {
    curl_easy_setopt(curl_.get(), CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl_.get(), CURLOPT_CONNECTTIMEOUT, 10L);
    curl_easy_setopt(curl_.get(), CURLOPT_TIMEOUT, 60L);
    // A redirect would take the key to whoever is named there.
    curl_easy_setopt(curl_.get(), CURLOPT_FOLLOWLOCATION, 0L);
  }

  // The answer's status.
  locket::Result<long> get(const std::string& path) {
    if (!key_) {
      if (auto fetched = fetch_key(); !fetched) return fetched.error();
    }
    auto status = send(path);
    if (!status || *status != 401) return status;
    if (auto changed = refetch_key(); !changed) return changed.error();
    return send(path);
  }

 private:
  // A key is kept as long as it works: a request costs no read of the store.
  locket::Result<void> fetch_key() {
    auto key = store_->get(key_name_);
    if (!key) return key.error();
    key_ = std::move(*key);
    return {};
  }

  // The service refused the key: somebody rotated it, and the store has another one, or it was revoked.
  locket::Result<void> refetch_key() {
    const locket::Secret refused = *key_;
    // Without this a cache in front of the store would go on handing out what it has.
    if (const auto& version = refused.version()) {
      if (auto told = store_->report_rejected(key_name_, *version); !told) return told;
    }
    if (auto fetched = fetch_key(); !fetched) return fetched;
    if (!(key_->value() == refused.value())) return {};
    // The same again would be refused again, and a service locks out who insists.
    return locket::Error({.code = locket::ErrorCode::Unauthenticated,
                          .message = "the service refuses the key '" + key_name_.text() + "'",
                          .hint = "put a valid one into the store"});
  }

  locket::Result<long> send(const std::string& path) {
    locket::SecretBuffer header = authorization(*key_);
    curl_slist headers{.data = header.data(), .next = nullptr};
    curl_easy_setopt(curl_.get(), CURLOPT_URL, (base_ + path).c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_HTTPHEADER, &headers);
    const CURLcode sent = curl_easy_perform(curl_.get());
    curl_easy_setopt(curl_.get(), CURLOPT_HTTPHEADER, nullptr);
    if (sent != CURLE_OK)
      return locket::Error({.code = locket::ErrorCode::Network, .message = curl_easy_strerror(sent)});
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
  }

  struct Cleanup {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  };
  std::shared_ptr<locket::SecretStore> store_;
  locket::Name key_name_;
  std::string base_;
  std::unique_ptr<CURL, Cleanup> curl_;
  std::optional<locket::Secret> key_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::cerr << "usage: http_client URL NAME\n", 2;
  auto store = locket::open_default(locket::default_registry());
  if (!store) return std::cerr << store.error() << '\n', 1;
  auto name = locket::Name::parse(argv[2]);
  if (!name) return std::cerr << name.error() << '\n', 1;

  Client client(std::move(*store), std::move(*name), argv[1]);
  for (std::string path; std::getline(std::cin, path);) {
    const auto status = client.get(path);
    if (!status) return std::cerr << path << ": " << status.error() << '\n', 1;
    std::cout << path << ": " << *status << '\n' << std::flush;
  }
}
