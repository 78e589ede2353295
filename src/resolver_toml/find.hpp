#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <locket/resolver/format.hpp>
#include <locket/result.hpp>

namespace locket::inline v1::resolver {

/// In `Scalar::style`: a string in one pair of single quotes.
constexpr std::uint32_t toml_literal = 1;

/// `Format::find` for TOML.
Result<std::vector<Scalar>> find_toml(std::string_view document, const Wanted& wanted);

/// `Format::values` for TOML.
Result<std::vector<Scalar>> find_toml_values(std::string_view document);

}  // namespace locket::inline v1::resolver
