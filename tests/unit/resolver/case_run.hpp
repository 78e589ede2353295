#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <locket/resolver/resolver.hpp>

#include "unit/resolver/case_file.hpp"

namespace locket_test {

/// The formats by their names.
using Formats = std::map<std::string, locket::resolver::FormatPtr, std::less<>>;

/// A resolver over stores that hold what the case says.
locket::Resolver resolver_of(const Case& each, locket::ResolverOptions options = {});

/// What a case gives: the document, or its errors as the case files write them.
std::string outcome_of(const Case& each, const locket::resolver::Format& format);

/// An error as the case files write it: a line for each cause.
std::string told(const locket::Error& error);

/// Runs a folder's cases whose format is among `formats`, and checks each. Returns how many there were.
std::size_t run_cases(const std::string& folder, const Formats& formats);

}  // namespace locket_test
