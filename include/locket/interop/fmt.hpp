#pragma once

#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include <locket/error.hpp>
#include <locket/name.hpp>
#include <locket/secret.hpp>
#include <locket/secret_value.hpp>
#include <locket/which.hpp>

/// Formatters for fmt: names, versions and errors print their text, secrets print `***` whatever the format says.
/// Header only; the program brings fmt (8 or newer).

namespace locket::inline v1 {

/// Everything that prints one text.
template <class T>
struct TextFormatter : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(const T& value, Context& context) const {
    return fmt::formatter<std::string_view>::format(text(value), context);
  }

 private:
  static decltype(auto) text(const T& value) {
    if constexpr (std::is_same_v<T, SecretValue> || std::is_same_v<T, Secret>) {
      return std::string_view("***");
    } else if constexpr (std::is_same_v<T, Error>) {
      return value.to_string();
    } else if constexpr (std::is_enum_v<T>) {
      return to_string(value);
    } else {
      return std::string_view(value.text());
    }
  }
};

}  // namespace locket::inline v1

template <>
struct fmt::formatter<locket::SecretValue> : locket::TextFormatter<locket::SecretValue> {};
template <>
struct fmt::formatter<locket::Secret> : locket::TextFormatter<locket::Secret> {};
template <>
struct fmt::formatter<locket::Error> : locket::TextFormatter<locket::Error> {};
template <>
struct fmt::formatter<locket::ErrorCode> : locket::TextFormatter<locket::ErrorCode> {};
template <>
struct fmt::formatter<locket::Name> : locket::TextFormatter<locket::Name> {};
template <>
struct fmt::formatter<locket::NameView> : locket::TextFormatter<locket::NameView> {};
template <>
struct fmt::formatter<locket::Prefix> : locket::TextFormatter<locket::Prefix> {};
template <>
struct fmt::formatter<locket::Version> : locket::TextFormatter<locket::Version> {};
