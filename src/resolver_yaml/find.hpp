#pragma once

#include <string_view>
#include <vector>

#include <locket/resolver/format.hpp>
#include <locket/result.hpp>

namespace locket::inline v1::resolver {

/// `Format::find` for YAML.
Result<std::vector<Scalar>> find_yaml(std::string_view document, const Wanted& wanted);

/// `Format::values` for YAML. LimitExceeded (reason "yaml.aliases") when aliases make more of it than 64 MiB.
Result<std::vector<Scalar>> find_yaml_values(std::string_view document);

/// The comment behind the indicator of the block scalar that begins at `begin`, with the blanks before it; empty when
/// there is none.
std::string_view block_comment(std::string_view document, std::size_t begin);

}  // namespace locket::inline v1::resolver
