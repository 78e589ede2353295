#pragma once

#include <concepts>
#include <type_traits>
#include <utility>
#include <variant>

#include <locket/error.hpp>

namespace locket::inline v1 {

/// Prints the error and aborts: a Result's value was taken although it holds an error. That is a fault in the
/// program, as an index past the end of an array, and it must not go on with a secret that is not there.
[[noreturn]] LOCKET_EXPORT void abort_for_missing_value(const Error& error) noexcept;

/// A `T`, or the Error that says why there is none. Ours rather than std::expected, so that the type does not
/// change with the language version that a program is compiled for.
///
///     locket::Result<locket::Secret> secret = store->get("db/password");
///     if (!secret) return fail(secret.error());
///     use(secret->value().expose());
///
/// Thread safety: as `T`'s. `Result<void>` says only whether it went well.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  /// From anything that converts to `T` (a `shared_ptr` to a derived class, a string literal).
  template <class U = T>
    requires(std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, Result> &&
             !std::same_as<std::remove_cvref_t<U>, Error>)
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  /// The value. Aborts with the error's text when there is none.
  // The analyzer does not know that the index of a variant says which get_if is not null.
  T& value() & { return check(), *std::get_if<0>(&state_); }  // NOLINT(clang-analyzer-core.uninitialized.UndefReturn)
  const T& value() const& { return check(), *std::get_if<0>(&state_); }
  T&& value() && { return check(), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// The value, or `fallback` for any error at all. For secrets look at the error's kind first: a default
  /// that is taken because the store refused is a hole.
  template <class U>
  T value_or(U&& fallback) && {
    return ok() ? std::move(*std::get_if<0>(&state_)) : static_cast<T>(std::forward<U>(fallback));
  }

  /// The error. Only when `ok()` is false.
  const Error& error() const& noexcept { return *std::get_if<1>(&state_); }
  Error& error() & noexcept { return *std::get_if<1>(&state_); }
  Error&& error() && noexcept { return std::move(*std::get_if<1>(&state_)); }

 private:
  void check() const {
    if (!ok()) abort_for_missing_value(error());
  }

  std::variant<T, Error> state_;
};

/// Whether an operation without a result went well.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const noexcept { return error_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  /// Aborts with the error's text when there is one.
  void value() const {
    if (!ok()) abort_for_missing_value(error());
  }

  /// The error. Only when `ok()` is false.
  const Error& error() const& noexcept { return *std::get_if<1>(&error_); }
  Error& error() & noexcept { return *std::get_if<1>(&error_); }
  Error&& error() && noexcept { return std::move(*std::get_if<1>(&error_)); }

 private:
  std::variant<std::monostate, Error> error_;
};

}  // namespace locket::inline v1
