#pragma once

#include <array>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <locket/testing/conformance.hpp>

namespace locket::inline v1::testing {

class Trial;

/// What a store must claim to be able to; null where nothing more is needed.
using Needs = std::array<bool Capabilities::*, 5>;

/// How a clause is written down. `demands` is a quotation: tests/unit/testing checks that `header` says it.
struct Clause::Definition {
  constexpr Definition(std::string_view called, std::string_view in, std::string_view says, const Needs& claims,
                       void (*tried_by)(Trial&))
      : name(called), header(in), demands(says), needs(claims), body(tried_by) {}

  std::string_view name;
  std::string_view header;
  std::string_view demands;
  Needs needs;
  void (*body)(Trial&);
};

/// A name and the bytes that it holds.
using Text = std::pair<std::string_view, std::string_view>;

SecretData bytes(std::string_view text);
/// Fields that are known to be well-formed.
SecretData fields(std::initializer_list<Text> fields);
GetOptions at(const Version& version);
PutOptions only_if(const Version& version);
PutOptions only_new();

/// `text` in quotation marks, with everything that is not printable ASCII as \xNN.
std::string quoted(std::string_view text);
/// `get("db/password")`.
std::string called(std::string_view operation, std::string_view name);
/// "NotFound (no secret named 'a')"; "success" for null.
std::string told(const Error* error);

template <class T>
const Error* error_of(const Result<T>& result) {
  return result ? nullptr : &result.error();
}
inline const Error* error_of(const std::optional<Error>& error) {
  return error ? &*error : nullptr;
}

/// One run of one clause: opens its stores, and collects what was not as expected. An expectation that fails is noted
/// and the clause goes on; the first ones are reported. Expectations may be stated on any thread; opening and closing
/// is for the clause's own.
class Trial {
 public:
  explicit Trial(Fixture& fixture) noexcept : fixture_(fixture) {}

  /// Opens an empty store and looks whether it can all of `needs`.
  bool admits(const Needs& needs);

  /// An empty store.
  SecretStore& open();
  SecretStore& open(std::initializer_list<Text> seeds);
  SecretStore& open(const std::vector<Seed>& seeds);
  /// A store that fails with `kind`, see Fixture::open_failing; null, and the clause is skipped, when there is none.
  SecretStore* open_failing(ErrorCode kind, std::initializer_list<Text> seeds);
  /// Another handle on the same store, see Fixture::open_again; null, and the clause is skipped, when there is none.
  SecretStore* open_again();
  /// Lets go of all handles.
  void close() noexcept;

  /// Of the store that was opened last.
  const Capabilities& can() const noexcept { return store_->capabilities(); }
  Quirks quirks() const { return fixture_.quirks(); }
  ManualClock* clock() const { return fixture_.clock(); }
  Clock::Wall now() const { return store_->settings().clock->now(); }
  Deadline steady() const { return store_->settings().clock->steady(); }

  /// Skips the clause, unless something failed already; returns `when`.
  bool skip_if(bool when, std::string_view reason);
  void fail(std::string expected, std::string seen);
  bool failed() const;
  Verdict verdict(const Clause::Definition& definition) const;

  void that(bool condition, std::string_view expected, std::string_view seen);
  template <class T>
  void same(const T& seen, const T& expected, std::string_view what) {
    that(seen == expected, what, "something else");
  }
  void count(std::size_t seen, std::size_t expected, std::string_view what);
  void version(const Version& seen, const Version& expected, std::string_view what);

  /// That the call succeeds.
  template <class T>
  bool ok(const Result<T>& result, std::string_view what) {
    return succeeded(error_of(result), what);
  }
  /// The same, and its result.
  template <class T>
  std::optional<T> value(Result<T> result, std::string_view what) {
    if (!ok(result, what)) return std::nullopt;
    return std::move(result).value();
  }
  /// That the call fails with `code`, or with one of `codes`.
  template <class T>
  void fails(const Result<T>& result, ErrorCode code, std::string_view what) {
    failed_with(error_of(result), {code}, what);
  }
  template <class T>
  void fails(const Result<T>& result, std::initializer_list<ErrorCode> codes, std::string_view what) {
    failed_with(error_of(result), codes, what);
  }
  void failed_with(const Error* error, std::initializer_list<ErrorCode> codes, std::string_view what);

  /// That the call succeeds with these bytes.
  void holds(const Result<Secret>& secret, std::string_view expected, std::string_view what);
  /// That `get(name)` does.
  void reads(SecretStore& store, std::string_view name, std::string_view expected);
  /// That the secret has a field with this value.
  void has_field(const Secret& secret, std::string_view field, std::string_view expected);

  /// Puts, which must succeed; the version is worth nothing when it does not.
  Version put(SecretStore& store, std::string_view name, std::string_view text, const PutOptions& options = {});
  Version put(SecretStore& store, std::string_view name, const SecretData& data, const PutOptions& options = {});
  void remove(SecretStore& store, std::string_view name) { ok(store.remove(name), called("remove", name)); }
  void annotate(SecretStore& store, std::string_view name, const MetadataPatch& patch) {
    ok(store.annotate(name, patch), called("annotate", name));
  }
  /// What `stat` says, which must succeed; without metadata there is an empty one.
  SecretInfo stat(SecretStore& store, std::string_view name, const GetOptions& options = {});
  /// Its metadata alone.
  Metadata metadata(SecretStore& store, std::string_view name) { return *stat(store, name).metadata; }
  /// All versions, page by page as `options` say.
  std::vector<VersionInfo> versions(SecretStore& store, std::string_view name, const ListOptions& options = {});
  /// The whole listing, page by page as `options` say.
  std::vector<SecretInfo> list(SecretStore& store, std::string_view prefix = "", const ListOptions& options = {});
  /// The names in it.
  std::vector<std::string> names(SecretStore& store, std::string_view prefix = "", const ListOptions& options = {});

 private:
  bool succeeded(const Error* error, std::string_view what);
  bool arranged(const Result<std::shared_ptr<SecretStore>>& opened, std::string_view reason);
  SecretStore& adopt(Result<std::shared_ptr<SecretStore>> opened);

  Fixture& fixture_;
  std::shared_ptr<SecretStore> store_;
  std::vector<std::shared_ptr<SecretStore>> handles_;  // that `store_` was before
  bool untouched_ = false;                             // `store_` is the empty one of `admits`
  bool unopened_ = false;                              // the fixture failed: nothing else counts
  mutable std::mutex mutex_;
  std::vector<std::string> failures_;
  std::string skipped_;
};

}  // namespace locket::inline v1::testing
