// Argon2id on libargon2, for OpenSSL before 3.2.
#include <argon2.h>

#include <string>

#include <locket/wipe.hpp>

#include "crypto/argon2id_engine.hpp"

namespace locket::inline v1::crypto {
namespace {

// libargon2's inputs are not const because it can wipe them, which the default flags do not ask for.
std::uint8_t* input(Bytes bytes) {
  return const_cast<std::uint8_t*>(data_of(bytes));
}

std::uint32_t length(Bytes bytes) {
  return static_cast<std::uint32_t>(bytes.size());
}

argon2_context context_for(const Argon2Input& from, std::span<std::byte> out) {
  argon2_context context{};
  context.out = room_of(out);
  context.outlen = length(out);
  context.pwd = input(from.password);
  context.pwdlen = length(from.password);
  context.salt = input(from.salt);
  context.saltlen = length(from.salt);
  context.secret = input(from.secret);
  context.secretlen = length(from.secret);
  context.ad = input(from.context);
  context.adlen = length(from.context);
  context.t_cost = from.params.passes;
  context.m_cost = from.params.memory_kib;
  context.lanes = from.params.lanes;
  context.threads = 1;
  context.version = ARGON2_VERSION_13;
  context.flags = ARGON2_DEFAULT_FLAGS;
  return context;
}

Error failure(int code, const Argon2Params& params) {
  if (code == ARGON2_MEMORY_ALLOCATION_ERROR) return no_memory_for_argon2(params);
  return Error({.code = ErrorCode::Internal,
                .reason = "crypto.argon2",
                .message = "libargon2 failed with error " + std::to_string(code)});
}

}  // namespace

Result<void> argon2id_fill(const Argon2Input& input, std::span<std::byte> out) {
  // The memory itself is wiped by libargon2 (FLAG_clear_internal_memory, on unless a program turned it off).
  argon2_context context = context_for(input, out);
  const int code = argon2id_ctx(&context);
  if (code == ARGON2_OK) return {};
  wipe(out.data(), out.size());
  return failure(code, input.params);
}

}  // namespace locket::inline v1::crypto
