#pragma once

#include <string>
#include <string_view>

#include <locket/result.hpp>
#include <locket/secret_value.hpp>

namespace locket::cli {

/// Results go to standard output, everything else to standard error.
class Output {
 public:
  /// Writes a result, whole. Internal: it could not be written (a full disk, a closed pipe); a script that went on with
  /// half a result would be wrong, so the command fails.
  static Result<void> result(std::string_view text);
  /// A result that is secret; written from where it is.
  static Result<void> result(const SecretValue& value) { return result(value.expose()); }

  /// What was done, for people; nothing with --quiet.
  void say(std::string_view text) const;
  /// "note: …": what people should look at. Not silenced by --quiet.
  static void note(std::string_view text);
  /// Standard error as it is; when that fails there is nobody left to tell.
  static void raw(std::string_view text) noexcept;

  bool quiet = false;
};

}  // namespace locket::cli
