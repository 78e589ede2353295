#pragma once

#include <cstddef>
#include <string>

#include <locket/export.hpp>
#include <locket/random.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>

namespace locket::inline v1 {

/// What a generated password looks like.
struct PasswordSpec {
  /// 8 to 4,096 characters. 32 letters and digits are 190 bits.
  std::size_t length = 32;
  /// 10 to 94 different printable ASCII characters (no space), each as likely as the others.
  std::string charset = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  friend bool operator==(const PasswordSpec&, const PasswordSpec&) = default;
};

/// A new password, drawn without bias. InvalidArgument when the spec is outside its ranges; what `random` returns.
LOCKET_EXPORT Result<SecretValue> generate_password(const PasswordSpec& spec = {},
                                                    RandomSource& random = *system_random());

}  // namespace locket::inline v1
