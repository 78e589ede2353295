#pragma once

#include <string_view>

#include <locket/capabilities.hpp>
#include <locket/options.hpp>
#include <locket/result.hpp>
#include <locket/secret_data.hpp>
#include <locket/which.hpp>

/// What SecretStore checks before a backend is asked: arguments that are wrong whatever the store holds
/// (InvalidArgument), what the store cannot do (NotSupported), and its limits (LimitExceeded).
namespace locket::inline v1 {

/// "this store cannot <do what>".
Error not_supported(std::string_view what);

Result<void> check_name_size(std::string_view name, const Capabilities& can);
Result<void> check_which(const Which& which, const Capabilities& can);
Result<void> check_list(const ListOptions& options, const Capabilities& can);
Result<void> check_versions(const ListOptions& options, const Capabilities& can);
Result<void> check_put(const SecretData& data, const PutOptions& options, const Capabilities& can);
Result<void> check_rollback(const Version& version, const PutOptions& options, const Capabilities& can);
Result<void> check_patch(const MetadataPatch& patch, const Capabilities& can);

}  // namespace locket::inline v1
