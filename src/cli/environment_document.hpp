#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <locket/place.hpp>
#include <locket/resolver/format.hpp>
#include <locket/resolver/resolver.hpp>

#include "variable.hpp"

namespace locket::cli {

/// Variables with references, as a document of the resolver: each one's value, and behind it the secrets in it one by
/// one. So one look at the stores tells both what a variable becomes and what in it is secret.
class EnvironmentDocument final : public resolver::Format {
 public:
  /// One scalar of the document.
  struct Entry {
    /// Which variable, by the caller's number.
    std::size_t variable = 0;
    /// It is a secret in the variable, not the variable's value.
    bool is_secret = false;
    resolver::Scalar scalar = {};
  };

  /// `references` are those of its value that could be read.
  void add(std::size_t number, const Variable& variable, const std::vector<FoundReference>& references);

  const std::vector<Entry>& entries() const noexcept { return entries_; }

  /// The variable whose value is at this place; none when a secret in it is, which has no fault that the value has not.
  std::optional<std::size_t> variable_at(const Place& place) const;

  std::string_view name() const noexcept override { return "environment"; }
  bool names(std::string_view) const override { return false; }
  bool has_null() const noexcept override { return true; }
  Result<std::vector<resolver::Scalar>> find(std::string_view document, const resolver::Wanted& wanted) const override;
  Result<void> write(std::string_view document, const resolver::Scalar& scalar, const resolver::Value& value,
                     SecretBuffer& out) const override;

 private:
  std::vector<Entry> entries_;
};

}  // namespace locket::cli
