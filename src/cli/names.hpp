#pragma once

#include <functional>
#include <string>

#include <locket/store.hpp>

namespace locket::cli {

/// Every secret below `prefix`, page by page. `unaddressable` gets what has no name in locket.
Result<std::vector<SecretInfo>> list_all(SecretStore& store, const std::string& prefix, const ListOptions& options,
                                         std::vector<std::string>* unaddressable = nullptr);

/// The store's answer about `name`, with "did you mean" when there is no such secret but one of nearly that name, and
/// the store can list.
Error with_suggestion(SecretStore& store, Error error, const std::string& name);

/// PutOptions::condition for --if-version: none when it is empty; "none": the secret must not exist.
Condition parse_condition(const std::string& if_version);

/// ", version 3"; nothing where there is none.
std::string version_in_words(const Version& version);

}  // namespace locket::cli
