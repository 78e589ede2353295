#include "http/identity.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include "core/descriptor.hpp"
#include "core/read_to_end.hpp"
#include "http/handles.hpp"

namespace locket::inline v1::http {
namespace {

constexpr std::size_t max_size = std::size_t{1} << 20U;
constexpr std::size_t certificate_place = 1;
constexpr std::size_t key_place = 2;
constexpr std::string_view certificate_begin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view certificate_end = "-----END CERTIFICATE-----";
constexpr std::array<std::string_view, 3> what = {"file with CA certificates", "client certificate", "client key"};
constexpr std::array<std::string_view, 3> marks = {certificate_begin, certificate_begin, "PRIVATE KEY-----"};

Error bad_file(std::size_t which, const std::string& path, std::string_view why) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "http.file",
                .message = fmt::format("the {} '{}' cannot be used: {}", what[which], path, why),
                .hint = "name a file in PEM that this program may read"});
}

Error bad_file(std::size_t which, const std::string& path, int error) {
  return bad_file(which, path, std::generic_category().message(error));
}

Error bad_pair(std::string message, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "http.client_certificate",
                .message = std::move(message),
                .hint = std::move(hint)});
}

Error encrypted(const std::string& path) {
  return bad_pair(fmt::format("the client key '{}' is encrypted", path),
                  "give a key without a passphrase, in a file that only this program may read");
}

// A key that stands in the same file is none of a certificate's business: libcurl copies that, and wipes no copy. A
// certificate without an end is kept, so that it is noticed.
SecretBuffer certificates_in(std::string_view pem) {
  SecretBuffer all;
  all.reserve(pem.size());
  for (;;) {
    const std::size_t begin = pem.find(certificate_begin);
    const std::size_t end = pem.find(certificate_end, begin);
    if (begin == std::string_view::npos) return all;
    const std::size_t behind = std::min(end, pem.size() - certificate_end.size()) + certificate_end.size();
    all.append(pem.substr(begin, behind - begin));
    all.push_back('\n');
    pem.remove_prefix(behind);
  }
}

using Bio = std::unique_ptr<BIO, Releases<&::BIO_free>>;
using X509Ptr = std::unique_ptr<X509, Releases<&::X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Releases<&::EVP_PKEY_free>>;

Bio reader(std::string_view pem) {
  Bio bio(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) throw std::bad_alloc();
  return bio;
}

// Without it, OpenSSL asks on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

struct FreeInfos {
  void operator()(STACK_OF(X509_INFO) * infos) const noexcept { sk_X509_INFO_pop_free(infos, &::X509_INFO_free); }
};
using Infos = std::unique_ptr<STACK_OF(X509_INFO), FreeInfos>;

// As libcurl reads certificates: one that cannot be read, as the last of a file that is still being written, spoils all
// of them.
bool is_whole(std::string_view pem) {
  const Infos infos(::PEM_X509_INFO_read_bio(reader(pem).get(), nullptr, &no_passphrase, nullptr));
  ::ERR_clear_error();  // this thread's, that others would find
  return infos && sk_X509_INFO_num(infos.get()) > 0;
}

// The first certificate is ours, those behind it sign it.
bool belong_together(const SecretBuffer& certificate, const SecretBuffer& key) {
  const X509Ptr ours(::PEM_read_bio_X509(reader(certificate.view()).get(), nullptr, &no_passphrase, nullptr));
  const Key its(::PEM_read_bio_PrivateKey(reader(key.view()).get(), nullptr, &no_passphrase, nullptr));
  const bool good = ours && its && ::X509_check_private_key(ours.get(), its.get()) == 1;
  ::ERR_clear_error();
  return good;
}

std::uint64_t nanoseconds(const timespec& time) noexcept {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(time.tv_nsec);
}

std::array<std::uint64_t, 5> stamp_of(const struct stat& found) noexcept {
  return {static_cast<std::uint64_t>(found.st_dev), static_cast<std::uint64_t>(found.st_ino),
          static_cast<std::uint64_t>(found.st_size), nanoseconds(found.st_mtim), nanoseconds(found.st_ctim)};
}

}  // namespace

Result<Identity> Identity::load(IdentityFiles files) {
  Identity identity;
  identity.paths_ = {std::move(files.ca), std::move(files.certificate), std::move(files.key)};
  for (std::size_t i = 0; i < identity.paths_.size(); ++i) {
    if (identity.paths_[i].empty()) continue;
    if (auto read = identity.read(i); !read) return std::move(read).error();
  }
  if (identity.certificate().empty()) return identity;
  if (belong_together(identity.certificate(), identity.key())) return identity;
  return bad_pair(fmt::format("the client certificate '{}' and the client key '{}' do not belong together",
                              identity.paths_[certificate_place], identity.paths_[key_place]),
                  "name the key that the certificate was made for, and both in PEM");
}

// The stamp is that of the open file: of the bytes that were read, whatever is put in its place meanwhile.
Result<void> Identity::read(std::size_t which) {
  const std::string& path = paths_[which];
  const Descriptor file(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
  if (!file.ok()) return bad_file(which, path, errno);
  struct stat found = {};
  if (::fstat(file.get(), &found) != 0) return bad_file(which, path, errno);
  if (!S_ISREG(found.st_mode)) return bad_file(which, path, "it is not a file");
  stamps_[which] = stamp_of(found);
  SecretBuffer& contents = contents_[which];
  if (const int error = read_to_end(file.get(), static_cast<std::size_t>(found.st_size), max_size, contents)) {
    return bad_file(which, path, error);
  }
  if (contents.view().find(marks[which]) == std::string_view::npos) {
    return bad_file(which, path,
                    which == key_place ? "it holds no private key in PEM" : "it holds no certificate in PEM");
  }
  // Where there may be a key, too, it is not for OpenSSL to copy.
  if (which == certificate_place) contents = certificates_in(contents.view());
  if (which != key_place && !is_whole(contents.view())) {
    return bad_file(which, path, "a certificate in it cannot be read");
  }
  const bool locked = which == key_place && contents.view().find("ENCRYPTED") != std::string_view::npos;
  return locked ? Result<void>(encrypted(path)) : Result<void>();
}

bool Identity::outdated() const noexcept {
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    if (paths_[i].empty()) continue;
    struct stat found = {};
    if (::stat(paths_[i].c_str(), &found) != 0 || stamp_of(found) != stamps_[i]) return true;
  }
  return false;
}

}  // namespace locket::inline v1::http
