#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <locket/call.hpp>
#include <locket/clock.hpp>
#include <locket/error.hpp>
#include <locket/export.hpp>
#include <locket/observer.hpp>
#include <locket/random.hpp>
#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

/// How backends speak HTTP: a request in, an answer or an error out. A program needs none of it, unless it sets options
/// (`TransportOptions`: a private CA, a client certificate, a proxy, timeouts) or injects a transport of its own, as
/// tests do (`testing/scripted_transport.hpp`).
///
///     http::Request read{.origin = "https://vault.example:8200", .target = "/v1/secret/data/db?version=2"};
///     read.headers.push_back({.name = "X-Vault-Token", .secret = token.expose()});
///     Result<http::Response> answer = transport.send(read, call);
///     if (!answer) return std::move(answer).error();          // there was no whole answer
///     if (answer->status == 404) …                            // every whole answer is a Response, whatever its status
namespace locket::inline v1::http {

/// `List` is Vault's own verb.
enum class Method : std::uint8_t { Get, Head, List, Post, Put, Patch, Delete };

/// "GET", "HEAD", … Never allocates.
LOCKET_EXPORT std::string_view to_string(Method method) noexcept;

/// What a request does to the service, and so what may be done when its answer is lost.
enum class Purpose : std::uint8_t {
  ByMethod,         ///< Read for GET, HEAD and LIST, else Write.
  Read,             ///< Changes nothing: it is repeated, and the effect of its failure is None.
  IdempotentWrite,  ///< May arrive twice (it carries an idempotency token, or a condition): it is repeated.
  Write,            ///< Sent once. Repeated only when certainly nothing of it was sent.
};

/// One line of a request's head. `name` and `secret` are borrowed for the time of the call.
struct Header {
  std::string_view name = {};
  std::string value = {};
  /// The value instead of `value`, where it is a credential: it stays in the memory that it is in.
  std::string_view secret = {};
};

/// What is asked. What is borrowed in it (`body`, names and secrets of headers) must live until the call returns.
///
/// A request is refused with InvalidArgument (reason "http.request"), before anything is sent, when a header's name is
/// not a token (RFC 9110), a value holds CR, LF, NUL or another control character or nothing but blanks, the target
/// does not begin with a slash or holds anything but visible ASCII (also no '#'), or a header is one that the transport
/// writes itself: Host (it is the origin's host, with the port where that is not the scheme's own), Content-Length,
/// Connection, Expect, Transfer-Encoding, TE, Trailer, Upgrade, Keep-Alive, Accept-Encoding, Proxy-*.
struct Request {
  Method method = Method::Get;
  /// Scheme, host and port: "https://vault.example:8200", "http://127.0.0.1:8200", "https://[2001:db8::1]". Nothing
  /// else: a user name, a path or a query is refused. http:// is for this machine alone (127.0.0.0/8, [::1],
  /// localhost), and the connection is checked to be to it.
  std::string origin = {};
  /// Path and query, escaped already (`escape` in src/http/escape.hpp), sent as it is: no dot segment is removed.
  std::string target = {};
  std::vector<Header> headers = {};
  /// Sent as it is; Content-Type is among the headers. Empty: none.
  std::string_view body = {};
  Purpose purpose = Purpose::ByMethod;
  /// For this request in all its attempts, where less than the transport's `total_timeout`.
  std::optional<std::chrono::milliseconds> timeout = {};
  /// The most that the answer's body may have, in bytes, where that is less than the transport's `max_body`; 0 means
  /// that.
  std::size_t max_body = 0;
  /// Whether the transport may send it again at all. Without, also a status such as 503 or 429 is a finding and no
  /// reason to wait: for health checks.
  bool retry = true;
};

/// What `purpose` means for `request`: never ByMethod.
LOCKET_EXPORT Purpose purpose_of(const Request& request) noexcept;

/// The lines of an answer's head, in memory that is wiped. Move-only. Thread safety: as a std::string.
class LOCKET_EXPORT Headers {
 public:
  void add(std::string_view name, std::string_view value);
  /// The first value under `name`, upper and lower case being the same; none when there is no such line.
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  /// All values under `name`, in their order (WWW-Authenticate may come twice).
  std::vector<std::string_view> all(std::string_view name) const;
  /// Of all lines together.
  std::size_t bytes() const noexcept { return lines_.size(); }

 private:
  SecretBuffer lines_;  // "name: value\n", one after the other
};

/// A whole answer, whatever its status. Move-only.
struct Response {
  int status = 0;
  Headers headers = {};
  /// In memory that is wiped, never compressed; parse it in place, with `Json` in src/http/json.hpp.
  SecretBuffer body = {};
  /// What the server's clock said, from Date. None: it did not say, or not so that it can be read.
  std::optional<Clock::Wall> date = {};
  /// How long the server asks to wait (Retry-After: seconds or a date), 0 to 1 hour; more is cut to that, garbage and
  /// what has passed is none.
  std::optional<std::chrono::milliseconds> retry_after = {};
  /// What attempts before the one that was answered may have done: Unknown when it is no Read, and the answer to one
  /// was lost or was a 5xx. Such an answer is about what the earlier attempt left: a Conflict may be our own doing.
  Effect earlier = Effect::None;
};

/// Sends requests. Backends share one with all their threads.
///
/// **Errors.** An error means that there was no whole answer, and never holds a header, a body or a query. By `reason`:
///   http.request, http.origin, http.plain (InvalidArgument)      refused before anything is sent: see Request
///   http.file, http.client_certificate (InvalidArgument)        a file that the options name cannot be used
///   http.dns, http.connect, http.reset, http.truncated, http.failed (Network)   no such host; refused; broke off;
///                                         ended too early; anything else
///   http.timeout (Timeout)                the call's deadline, `timeout`, `connect_timeout` or `total_timeout` passed
///   http.busy (Timeout)                   it passed while all connections were in use by other requests
///   call.cancelled (Cancelled)            the stop token was triggered
///   http.tls_untrusted, http.tls_self_signed, http.tls_expired, http.tls_host, http.tls_version, http.tls_not_tls,
///   http.tls_client_certificate, http.tls (Network, not retryable)   the connection is not safe: each has its own hint
///   http.too_large, http.head_too_large, http.encoded, http.protocol (MalformedResponse)   what came is refused
///   http.breaker_open (Unavailable)       this origin failed too often and is left alone; see `retry_after`
///   http.libcurl (NotSupported)           the libcurl that is here cannot do what is asked of it; nothing was sent
///   http.forked (Unavailable)             this is a forked child: make a new transport
/// `effect` is None when nothing of the request was sent or it is a Read, and Unknown when it may have been carried
/// out.
///
/// A redirect is an answer like any other and never followed.
///
/// **Threads.** All methods may be called from any thread at once. Calls wait for a free connection, and no longer than
/// their deadline.
///
/// **Writing one**: override `do_send_many`. It is called only with requests that passed the checks above, never with
/// none of them, and never in a forked child (of the process where the transport was made).
class LOCKET_EXPORT Transport {
 public:
  virtual ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  Result<Response> send(const Request& request, const Call& call = {});
  /// As many answers as requests, in their order, each as `send` would have given it; several at once where that can be
  /// done. `call` is for all of them together.
  std::vector<Result<Response>> send_many(std::span<const Request> requests, const Call& call = {});

 protected:
  Transport() noexcept;
  /// Whether this is a forked child: connections and locks are then the parent's, to be neither used nor closed.
  bool forked() const noexcept;

  /// As many answers as `requests`, in their order.
  virtual std::vector<Result<Response>> do_send_many(std::span<const Request> requests, const Call& call) = 0;

 private:
  std::vector<Result<Response>> send_good(std::span<const Request> requests, std::span<Result<void>> checked,
                                          const Call& call);

  std::uint32_t epoch_;
};

/// When and how often a request is sent again. Only what may be (see Purpose) is.
struct RetryPolicy {
  /// In all, the first among them; 1 never repeats.
  std::uint32_t attempts = 3;
  /// Before the n-th repetition, a random time between 0 and min(`longest`, `first` · 2^(n-1)).
  std::chrono::milliseconds first = std::chrono::milliseconds(100);
  std::chrono::milliseconds longest = std::chrono::seconds(5);
  /// What the server asks for (Retry-After) is waited for instead, but no longer than this.
  std::chrono::milliseconds longest_asked = std::chrono::seconds(20);
  /// Answers that are no reason to give up yet. Network errors and timeouts of a single attempt are repeated besides.
  std::vector<int> statuses = {429, 500, 502, 503, 504};
  /// How many repetitions are in reserve, over all calls of the transport: each takes one, and ten answers that needed
  /// none bring one back, so that a service that is down is not asked three times as often. 0: no limit.
  std::uint32_t reserve = 50;
};

/// When an origin is left alone. Only what brings no answer counts: a server that answers 503 says more by that than a
/// breaker could. A timeout counts when the server had a second or more; that no connection was free does not.
struct BreakerPolicy {
  /// So many failures in a row open it; 0: never.
  std::uint32_t failures = 5;
  /// Then calls answer http.breaker_open for so long, after which one of them tries; it closes or opens it again.
  std::chrono::milliseconds open_for = std::chrono::seconds(10);
};

/// How a backend's transport is made. What is out of range, or wants another option that is not there, makes opening
/// the backend fail with InvalidArgument (reason "http.option", "http.proxy", and "http.file" or
/// "http.client_certificate" for a file that cannot be used); a libcurl that cannot do what it must, NotSupported
/// ("http.libcurl"), then or when something is sent.
struct TransportOptions {
  /// Only certificates under one of those in this file (PEM) are trusted. Empty: the system's.
  std::string ca_file = {};
  /// The client certificate with its chain, and its private key, in PEM; the key file may be the same file. All three
  /// files are looked at once a second: when one has changed, new connections are made with what it holds, and none
  /// that was made before is used again. While what they hold cannot be used (a new certificate is there and its key
  /// is not yet, or a file is missing) the old ones are used on, and the observer hears RefreshFailed once a second.
  std::string client_certificate_file = {};
  std::string client_key_file = {};
  /// "http://proxy.example:3128" or https://; it sees the host's name and what is encrypted. No user name. Never used
  /// for this machine (127.0.0.0/8, [::1], localhost).
  std::string proxy = {};
  /// Whether HTTPS_PROXY, ALL_PROXY and NO_PROXY say the proxy where `proxy` does not.
  bool proxy_from_environment = false;
  /// Until a connection is made, TLS among it.
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(5);
  /// For a call with all its attempts, where Call::deadline and Request::timeout do not say less.
  std::chrono::milliseconds total_timeout = std::chrono::seconds(30);
  /// The most that an answer's body may have, in bytes.
  std::size_t max_body = std::size_t{4} << 20U;
  /// Connections that may be open at once, 1 to 1,024.
  std::size_t connections = 16;
  /// Of those, how many one `send_many` uses at once, 1 to 64.
  std::size_t parallel = 8;
  /// HTTP/2 where the server offers it. Not by default: libcurl 7.88 keeps tokens and bodies of HTTP/2 in memory that
  /// is never wiped.
  bool http2 = false;
  RetryPolicy retry = {};
  BreakerPolicy breaker = {};
  /// Deadlines, Retry-After, waiting and the breaker are on it; I/O itself takes the machine's time. Null means
  /// `system_clock()`.
  std::shared_ptr<Clock> clock = {};
  /// For the jitter. Null means `system_random()`.
  std::shared_ptr<RandomSource> random = {};
  /// Hears Retry, BreakerOpened, BreakerClosed and RefreshFailed (of the files), as events of `store`. Null means
  /// nobody listens.
  std::shared_ptr<Observer> observer = {};
  /// What those events name as the store: its `describe()`.
  std::string store = {};
};

}  // namespace locket::inline v1::http
