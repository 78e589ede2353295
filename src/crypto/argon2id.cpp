#include "crypto/argon2id.hpp"

#include <limits>
#include <string>

#include "crypto/argon2id_engine.hpp"

namespace locket::inline v1::crypto {
namespace {

Error beyond(const std::string& what) {
  return Error({.code = ErrorCode::LimitExceeded,
                .reason = "local.kdf_limits",
                .message = "the passphrase's parameters are out of bounds: " + what,
                .hint = "if they are meant to be so, raise the limits by option; otherwise the file was altered"});
}

std::string kib(std::uint64_t amount) {
  return std::to_string(amount) + " KiB";
}

}  // namespace

Error no_memory_for_argon2(const Argon2Params& params) {
  return Error({.code = ErrorCode::Internal,
                .reason = "crypto.argon2_memory",
                .message = "there is no memory for Argon2id, which needs " + kib(params.memory_kib),
                .hint = "free memory, or raise the limit of this process or container"});
}

Result<void> check(const Argon2Params& params, const Argon2Limits& limits) {
  const auto [memory, passes, lanes] = params;
  if (memory < limits.min_memory_kib) {
    return beyond("memory of " + kib(memory) + ", at least " + kib(limits.min_memory_kib));
  }
  if (memory > limits.max_memory_kib) {
    return beyond("memory of " + kib(memory) + ", at most " + kib(limits.max_memory_kib));
  }
  if (passes < 1 || passes > limits.max_passes) {
    return beyond(std::to_string(passes) + " passes, from 1 to " + std::to_string(limits.max_passes));
  }
  const std::uint64_t work = std::uint64_t{memory} * passes;
  if (work > limits.max_work_kib) {
    return beyond("memory times passes of " + kib(work) + ", at most " + kib(limits.max_work_kib));
  }
  if (lanes < 1 || lanes > limits.max_lanes) {
    return beyond(std::to_string(lanes) + " lanes, from 1 to " + std::to_string(limits.max_lanes));
  }
  if (memory / 8 < lanes) return beyond("memory of " + kib(memory) + ", at least 8 KiB for each lane");
  return {};
}

Result<Key> argon2id(std::string_view passphrase, std::span<const std::byte, 16> salt, const Argon2Params& params) {
  if (passphrase.empty()) {
    return Error({.code = ErrorCode::InvalidArgument,
                  .reason = "local.empty_passphrase",
                  .message = "the passphrase is empty",
                  .hint = "give a passphrase of at least one byte"});
  }
  if (passphrase.size() > std::numeric_limits<std::uint32_t>::max()) {
    return Error({.code = ErrorCode::InvalidArgument, .message = "the passphrase is longer than Argon2 takes"});
  }
  return Key::make([&](std::span<std::byte> out) {
    return argon2id_fill({.password = bytes_of(passphrase), .salt = salt, .params = params}, out);
  });
}

}  // namespace locket::inline v1::crypto
