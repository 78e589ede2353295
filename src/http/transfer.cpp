#include "http/transfer.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <locket/version.hpp>

#include "core/ascii.hpp"

namespace locket::inline v1::http {
namespace {

constexpr long keep_idle_seconds = 60;
// In bytes. Most answers are smaller; of the other, libcurl takes no less.
constexpr long download_buffer = 4'096;
constexpr long upload_buffer = 16'384;

bool has_body(const Request& request) noexcept {
  if (!request.body.empty()) return true;
  return request.method == Method::Post || request.method == Method::Put || request.method == Method::Patch;
}

std::size_t most_of_body(const Request& request, const Settings& settings) noexcept {
  return request.max_body == 0 ? settings.max_body : std::min(request.max_body, settings.max_body);
}

bool has_header(const Request& request, std::string_view name) noexcept {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const Header& header) { return same_but_for_case(header.name, name); });
}

}  // namespace

Transfer::Transfer(const Request& request, const Origin& origin, const Common& common, Sockets& sockets,
                   MachineTime deadline)
    : origin_(&origin),
      sockets_(&sockets),
      asked_{.origin = request.origin, .purpose = purpose_of(request)},
      deadline_(deadline),
      answer_(most_of_body(request, *common.settings)),
      once_(asked_.purpose == Purpose::Write) {
  set_target(request);
  set_method(request);
  set_head(request);
  set_rules(*common.settings);
  set_proxy(*common.settings);
  if (origin.secure) set_tls(*common.identity);
  easy_.set(CURLOPT_SHARE, common.share);
  easy_.set(CURLOPT_PRIVATE, this);
  easy_.set(CURLOPT_ERRORBUFFER, words_.data());
}

void Transfer::set_target(const Request& request) {
  const std::string url = request.origin + request.target;
  easy_.set(CURLOPT_URL, url.c_str());
  easy_.set(CURLOPT_PATH_AS_IS, 1L);
  easy_.set(CURLOPT_PROTOCOLS_STR, origin_->secure ? "https" : "http");
  easy_.set(CURLOPT_FOLLOWLOCATION, 0L);
  easy_.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
}

void Transfer::set_method(const Request& request) {
  if (request.method == Method::Head) {
    easy_.set(CURLOPT_NOBODY, 1L);
    return;
  }
  if (has_body(request)) {
    // libcurl does not copy it.
    if (::curl_easy_setopt(easy_.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size())) !=
        CURLE_OK) {
      throw std::bad_alloc();
    }
    easy_.set(CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
  }
  method_ = to_string(request.method);
  easy_.set(CURLOPT_CUSTOMREQUEST, method_.c_str());
}

// The lines are written once, where they are wiped, before libcurl is given pointers to them.
void Transfer::set_head(const Request& request) {
  constexpr std::size_t each = 4;
  std::size_t size = 256;
  for (const Header& header : request.headers) {
    size += header.name.size() + header.value.size() + header.secret.size() + each;
  }
  head_.reserve(size);
  lines_.reserve(request.headers.size() + 4);
  for (const Header& header : request.headers) {
    const std::string_view value = header.secret.empty() ? std::string_view(header.value) : header.secret;
    // libcurl leaves a header out that has nothing behind the colon; with a semicolon it sends it empty.
    if (value.empty()) {
      add_line(header.name, ";", "");
    } else {
      add_line(header.name, ": ", value);
    }
  }
  if (!has_header(request, "content-type")) add_line("Content-Type", ":", "");
  if (!has_header(request, "user-agent")) add_line("User-Agent", ": ", "locket/" LOCKET_VERSION_STRING);
  add_line("Expect", ":", "");
  for (std::size_t i = 1; i < lines_.size(); ++i) lines_[i - 1].next = &lines_[i];
  easy_.set(CURLOPT_HTTPHEADER, lines_.data());
}

void Transfer::add_line(std::string_view name, std::string_view separator, std::string_view value) {
  const std::size_t begin = head_.size();
  head_.append(name);
  head_.append(separator);
  head_.append(value);
  head_.push_back('\0');
  lines_.push_back({.data = head_.data() + begin, .next = nullptr});
}

void Transfer::set_rules(const Settings& settings) {
  easy_.set(CURLOPT_NOSIGNAL, 1L);  // and since 7.87 it writes, also for OpenSSL, so that no SIGPIPE comes of it
  easy_.set(CURLOPT_HTTP_VERSION, static_cast<long>(settings.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  easy_.set(CURLOPT_HTTP09_ALLOWED, 0L);
  easy_.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
  easy_.set(CURLOPT_TCP_KEEPALIVE, 1L);
  easy_.set(CURLOPT_MAXAGE_CONN, keep_idle_seconds);
  // A name server that does not answer is not waited for when the call ends: the thread that asks it ends by itself.
  easy_.set(CURLOPT_QUICK_EXIT, 1L);
  // What libcurl allocates for a transfer is wiped whole after it, used or not.
  easy_.set(CURLOPT_BUFFERSIZE, download_buffer);
  easy_.set(CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer);
  easy_.set(CURLOPT_HEADERFUNCTION, &Transfer::on_head);
  easy_.set(CURLOPT_HEADERDATA, this);
  easy_.set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  easy_.set(CURLOPT_WRITEDATA, this);
  easy_.set(CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
  easy_.set(CURLOPT_PREREQDATA, this);
  easy_.set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket);
  easy_.set(CURLOPT_OPENSOCKETDATA, this);
  easy_.set(CURLOPT_CLOSESOCKETFUNCTION, &Sockets::close);
  easy_.set(CURLOPT_CLOSESOCKETDATA, sockets_);
}

void Transfer::set_tls(const Identity& identity) {
  easy_.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  easy_.set(CURLOPT_SSL_VERIFYPEER, 1L);
  easy_.set(CURLOPT_SSL_VERIFYHOST, 2L);
  easy_.set(CURLOPT_SSL_CTX_FUNCTION, &Transfer::on_tls);
  if (!identity.ca().empty()) {
    set_blob(CURLOPT_CAINFO_BLOB, identity.ca());
    easy_.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // else the system's are trusted besides
  }
  if (identity.certificate().empty()) return;
  set_blob(CURLOPT_SSLCERT_BLOB, identity.certificate());
  set_blob(CURLOPT_SSLKEY_BLOB, identity.key());
  easy_.set(CURLOPT_KEYPASSWD, "");  // or OpenSSL asks on the terminal
}

void Transfer::set_blob(CURLoption option, const SecretBuffer& pem) {
  // libcurl reads it only, though it asks for more.
  curl_blob blob = {.data = const_cast<char*>(pem.view().data()), .len = pem.size(), .flags = CURL_BLOB_NOCOPY};
  easy_.set(option, &blob);
}

// An empty text keeps libcurl from looking at the environment.
void Transfer::set_proxy(const Settings& settings) {
  const bool direct = origin_->loopback || origin_->plain != PlainReach::None;
  if (direct || !settings.proxy.empty() || !settings.proxy_from_environment) {
    easy_.set(CURLOPT_PROXY, direct ? "" : settings.proxy.c_str());
  }
  if (direct) return;
  if (!settings.proxy.empty()) easy_.set(CURLOPT_NOPROXY, "");
  // The proxy sees none of our headers, and we see none of its.
  easy_.set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  easy_.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  easy_.set(CURLOPT_HTTPPROXYTUNNEL, 1L);
}

template <class Take>
std::size_t Transfer::take(std::size_t size, Take taken) noexcept {
  try {
    return taken() ? size : size + 1;  // another number than it gave makes libcurl stop
  } catch (const std::bad_alloc&) {
    no_memory_ = true;  // it must not fly through C; `finish` throws it
    return size + 1;
  }
}

std::size_t Transfer::on_head(char* line, std::size_t, std::size_t size, void* data) noexcept {
  Transfer& transfer = self(data);
  return transfer.take(size, [&] { return transfer.answer_.head({line, size}); });
}

std::size_t Transfer::on_body(char* piece, std::size_t, std::size_t size, void* data) noexcept {
  Transfer& transfer = self(data);
  return transfer.take(size, [&] { return transfer.answer_.body({piece, size}); });
}

// When a kept connection turns out to be closed, libcurl sends the request again on a new one, whatever it is. The
// server may have carried it out: what may be sent once only is not.
int Transfer::on_connected(void* data, char*, char*, int, int) noexcept {
  Transfer& transfer = self(data);
  ++transfer.connected_;
  return transfer.once_ && transfer.connected_ > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

// The last word about where plain http:// goes has the address that is connected to.
curl_socket_t Transfer::on_socket(void* data, curlsocktype, curl_sockaddr* address) noexcept {
  Transfer& transfer = self(data);
  if (!may_reach(transfer.origin_->plain, address->addr)) {
    transfer.refused_socket_ = true;
    return CURL_SOCKET_BAD;
  }
  return transfer.sockets_->open(*address);
}

// OpenSSL wipes what it has decrypted as soon as it has been read, and a buffer whole when it is given back, which
// libcurl would have it do after each record. SSLKEYLOGFILE does not count.
CURLcode Transfer::on_tls(CURL*, void* context, void*) noexcept {
  auto* const tls = static_cast<SSL_CTX*>(context);
  ::SSL_CTX_set_options(tls, SSL_OP_CLEANSE_PLAINTEXT);
  ::SSL_CTX_clear_mode(tls, SSL_MODE_RELEASE_BUFFERS);
  ::SSL_CTX_set_keylog_callback(tls, nullptr);
  return CURLE_OK;
}

Result<void> Transfer::ready() const {
  if (easy_.failure() == CURLE_OK) return {};
  return Error(
      {.code = ErrorCode::NotSupported,
       .reason = "http.libcurl",
       .message = fmt::format("libcurl refuses what is asked of it (its error {})", static_cast<int>(easy_.failure())),
       .hint = "shorten the request, or link a libcurl that can do what the options say, such as HTTP/2"});
}

Result<Response> Transfer::finish(CURLcode code, Clock::Wall now) {
  if (no_memory_) throw std::bad_alloc();
  if (refused_socket_ && !sent()) {
    return lost(ErrorCode::InvalidArgument, "http.plain",
                fmt::format("{} is not this machine, so nothing is sent there unencrypted", asked_.origin),
                "use https://", asked_, false);
  }
  if (answer_.refusal() != Answer::Refusal::None) {
    Error error = refusal_error(answer_.refusal(), asked_.origin);
    if (asked_.purpose != Purpose::Read) error.details().effect = Effect::Unknown;
    return error;
  }
  if (code == CURLE_OK && !answer_.head_done()) code = CURLE_PARTIAL_FILE;
  if (code == CURLE_OK) return take_answer(now);
  Failure failure{.code = code, .sent = sent(), .text = words_.data()};
  ::curl_easy_getinfo(easy_.get(), CURLINFO_SSL_VERIFYRESULT, &failure.verification);
  return error_of(failure, asked_);
}

// On a second connection, it may have been carried out on the first.
Response Transfer::take_answer(Clock::Wall now) {
  Response answer = std::move(answer_).take(now);
  if (connected_ > 1 && asked_.purpose != Purpose::Read) answer.earlier = Effect::Unknown;
  return answer;
}

}  // namespace locket::inline v1::http
