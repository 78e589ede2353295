#include "root_key.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "crypto/equal.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/hmac.hpp"
#include "crypto/key_text.hpp"
#include "errors.hpp"
#include "files.hpp"
#include "key_file.hpp"

namespace locket::inline v1::local {
namespace {

constexpr std::size_t max_provider_id = 64;
constexpr std::size_t max_key_ref = 1024;
constexpr std::size_t max_blob = 4096;

template <class... Case>
struct Overloaded : Case... {
  using Case::operator()...;
};

Result<crypto::Key> derive(const crypto::Key& root, const StoreId& store, std::string_view what) {
  return crypto::derive_key(root, store, bytes_of(fmt::format("locket/v1/{}", what)));
}

std::string context_of(const StoreId& store) {
  return "locket-v1" + std::string(text_of(store));
}

std::string_view kind_in_words(Header::Kind kind) {
  switch (kind) {
    case Header::Kind::Raw: return "a key file or a key in an environment variable";
    case Header::Kind::Passphrase: return "a passphrase";
    case Header::Kind::Provider: return "a key provider";
  }
  return "a key";
}

// The value stays in the environment, where it was: it cannot be wiped there behind the program's back.
Result<std::string_view> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value != nullptr && *value != '\0') return std::string_view(value);
  return Error({.code = ErrorCode::Unauthenticated,
                .reason = "local.key_variable_missing",
                .message = fmt::format("the environment variable '{}' is not set", name),
                .hint = "set it to the store's key or passphrase, or name another source"});
}

Result<crypto::Key> from_variable(const KeyVariable& source) {
  auto text = variable(source.name);
  if (!text) return std::move(text).error();
  auto key = crypto::parse_key_variable(*text);
  if (!key && key.error().code() == ErrorCode::InvalidArgument) {
    return Error(
        {.code = ErrorCode::InvalidArgument,
         .reason = "local.key_file_format",
         .message = fmt::format("the environment variable '{}' holds no key", source.name),
         .hint = "a key is the line of a key file, or 64 hexadecimal digits; a passphrase is given otherwise"});
  }
  return key;
}

Result<crypto::Key> from_passphrase(const Header& header, std::string_view text, const crypto::Argon2Limits& limits) {
  if (auto good = crypto::check(header.kdf, limits); !good) return std::move(good).error();
  return crypto::argon2id(text, header.salt, header.kdf);
}

Result<crypto::Key> from_provider(const Header& header, KeyProvider& provider) {
  if (header.provider != provider.id()) {
    // Nothing has proven the header yet: what could not be a provider's name is not shown to anybody.
    const bool shown = header.provider.size() <= max_provider_id &&
                       std::ranges::all_of(header.provider, [](char c) { return c > ' ' && c < '\x7f'; });
    return wrong_key_kind(shown ? fmt::format("the key provider '{}'", header.provider) : "another key provider");
  }
  if (!provider.accepts(header.key_ref)) {
    return Error(
        {.code = ErrorCode::Unauthenticated,
         .reason = "local.foreign_key_ref",
         .message = "the store's root key is wrapped by a key that the provider was not configured for",
         .hint = "if the key is yours, add it to the provider's configuration; otherwise the file was altered"});
  }
  auto root = provider.unwrap(header.key_ref, header.blob, context_of(header.store_id));
  if (!root) return std::move(root).error();
  const Bytes bytes = bytes_of(root->expose());
  if (bytes.size() != crypto::Key::size) return wrong_key();
  return crypto::Key(bytes.first<crypto::Key::size>());
}

// local.wrong_key unless the MAC is right: only then are the keys given out.
Result<RootKeys> accept(const SignedHeader& header, const crypto::Key& root) {
  auto keys = derive_keys(root, header.header.store_id);
  if (!keys) return keys;
  auto mac = crypto::hmac_sha256(keys->header.bytes(), {bytes_of(header.body)});
  if (!mac) return std::move(mac).error();
  if (!crypto::constant_time_equal(*mac, header.mac)) return wrong_key();
  return keys;
}

Result<Unlocked> accept(const SignedHeader& header, Result<crypto::Key> root) {
  if (!root) return std::move(root).error();
  auto keys = accept(header, *root);
  if (!keys) return std::move(keys).error();
  return Unlocked{.keys = std::move(*keys)};
}

// PATH, then what a rekey may have left in PATH.next, then PATH again: a rename may have come in between.
Result<Unlocked> unlock_with_file(const SignedHeader& header, const KeyFile& file) {
  auto first = accept(header, read_key_file(file));
  if (first) return first;
  const std::string& reason = first.error().reason();
  if (reason != "local.wrong_key" && reason != "local.key_file_missing") return first;
  auto next = accept(header, read_key_file({.path = next_of(file.path), .policy = file.policy}));
  if (next) return next->from_next = true, std::move(next);
  auto again = accept(header, read_key_file(file));
  if (again) return again;
  // The right key may stand in what could not be read: not a wrong key, then.
  return next.error().code() == ErrorCode::Unavailable ? std::move(next) : std::move(first);
}

Result<NewRoot> root_for_file(const KeyFile& file, bool reuse, RandomSource& random) {
  if (reuse) {
    auto key = read_key_file(file);
    if (key) return NewRoot{.key = std::move(*key)};
    if (key.error().reason() != "local.key_file_missing") return std::move(key).error();
    if (auto free = refuse_unfinished(file.path); !free) return std::move(free).error();
  }
  auto key = crypto::Key::generate(random);
  if (!key) return std::move(key).error();
  return NewRoot{.key = std::move(*key), .write_file = true};
}

Result<NewRoot> root_from_passphrase(Header& header, std::string_view text, const KdfCost& cost,
                                     const RootRequest& request) {
  header.kind = Header::Kind::Passphrase;
  header.kdf = {.memory_kib = cost.memory_kib, .passes = cost.passes, .lanes = cost.lanes};
  if (auto filled = request.random.fill(header.salt); !filled) return std::move(filled).error();
  auto key = from_passphrase(header, text, request.limits);
  if (!key) return std::move(key).error();
  return NewRoot{.key = std::move(*key)};
}

Result<NewRoot> root_from_provider(Header& header, KeyProvider& provider, RandomSource& random) {
  auto key = crypto::Key::generate(random);
  if (!key) return std::move(key).error();
  auto wrapped = provider.wrap(SecretValue(text_of(key->bytes())), context_of(header.store_id));
  if (!wrapped) return std::move(wrapped).error();
  header.kind = Header::Kind::Provider;
  header.provider = provider.id();
  if (header.provider.empty() || header.provider.size() > max_provider_id || wrapped->key_ref.size() > max_key_ref ||
      wrapped->blob.size() > max_blob) {
    return invalid_option("the key provider's id, reference or blob is too long, or it has no id");
  }
  header.key_ref = std::move(wrapped->key_ref);
  header.blob = std::move(wrapped->blob);
  return NewRoot{.key = std::move(*key)};
}

Header::Kind kind_of(const KeySource& source) {
  return std::visit(
      Overloaded{[](const KeyFile&) { return Header::Kind::Raw; }, [](const KeyVariable&) { return Header::Kind::Raw; },
                 [](const Passphrase&) { return Header::Kind::Passphrase; },
                 [](const PassphraseVariable&) { return Header::Kind::Passphrase; },
                 [](const ProvidedKey&) { return Header::Kind::Provider; }},
      source);
}

}  // namespace

Result<RootKeys> derive_keys(const crypto::Key& root, const StoreId& store) {
  auto wrap = derive(root, store, "wrap");
  auto header = derive(root, store, "header");
  auto state = derive(root, store, "state");
  for (auto* key : {&wrap, &header, &state}) {
    if (!*key) return std::move(*key).error();
  }
  return RootKeys{.wrap = std::move(*wrap), .header = std::move(*header), .state = std::move(*state)};
}

Result<SignedHeader> sign(const Header& header, const RootKeys& keys) {
  SignedHeader result{.header = header, .body = encode(header)};
  auto sum = header_sum(bytes_of(result.body));
  if (!sum) return std::move(sum).error();
  auto mac = crypto::hmac_sha256(keys.header.bytes(), {bytes_of(result.body)});
  if (!mac) return std::move(mac).error();
  result.sum = *sum;
  result.mac = *mac;
  return result;
}

Result<SignedHeader> parse_signed_header(Bytes body, Bytes sum, Bytes mac) {
  SignedHeader result;
  if (body.size() > max_header_size) return damaged_header("it is too long");
  if (sum.size() != result.sum.size() || mac.size() != result.mac.size()) return damaged_header("its sums are none");
  auto expected = header_sum(body);
  if (!expected) return std::move(expected).error();
  if (!std::ranges::equal(*expected, sum)) return damaged_header("its checksum is wrong");
  auto header = parse_header(body);
  if (!header) return std::move(header).error();
  result.header = std::move(*header);
  result.body = text_of(body);
  std::ranges::copy(sum, result.sum.begin());
  std::ranges::copy(mac, result.mac.begin());
  return result;
}

crypto::Argon2Limits kdf_limits(std::uint32_t max_memory) {
  crypto::Argon2Limits limits;
  limits.max_memory_kib = max_memory * 1024;
  limits.max_work_kib = std::max(limits.max_work_kib, std::uint64_t{limits.max_memory_kib} * 4);
  return limits;
}

Result<Unlocked> unlock(const SignedHeader& header, const KeySource& source, const crypto::Argon2Limits& limits) {
  if (header.header.kind != kind_of(source)) return wrong_key_kind(kind_in_words(header.header.kind));
  return std::visit(
      Overloaded{[&](const KeyFile& file) { return unlock_with_file(header, file); },
                 [&](const KeyVariable& from) { return accept(header, from_variable(from)); },
                 [&](const Passphrase& from) {
                   return accept(header, from_passphrase(header.header, from.text.expose(), limits));
                 },
                 [&](const PassphraseVariable& from) -> Result<Unlocked> {
                   auto text = variable(from.name);
                   if (!text) return std::move(text).error();
                   return accept(header, from_passphrase(header.header, *text, limits));
                 },
                 [&](const ProvidedKey& from) { return accept(header, from_provider(header.header, *from.provider)); }},
      source);
}

Result<NewRoot> make_root(Header& header, const KeySource& source, const RootRequest& request) {
  return std::visit(
      Overloaded{
          [&](const KeyFile& file) { return root_for_file(file, request.reuse_file, request.random); },
          [&](const KeyVariable& from) -> Result<NewRoot> {
            auto key = from_variable(from);
            if (!key) return std::move(key).error();
            return NewRoot{.key = std::move(*key)};
          },
          [&](const Passphrase& from) { return root_from_passphrase(header, from.text.expose(), from.cost, request); },
          [&](const PassphraseVariable& from) -> Result<NewRoot> {
            auto text = variable(from.name);
            if (!text) return std::move(text).error();
            return root_from_passphrase(header, *text, from.cost, request);
          },
          [&](const ProvidedKey& from) { return root_from_provider(header, *from.provider, request.random); }},
      source);
}

Result<void> check_source(const KeySource& source) {
  const bool named = std::visit(Overloaded{[](const KeyFile& file) { return !file.path.empty(); },
                                           [](const KeyVariable& from) { return !from.name.empty(); },
                                           [](const Passphrase& from) { return !from.text.empty(); },
                                           [](const PassphraseVariable& from) { return !from.name.empty(); },
                                           [](const ProvidedKey& from) { return from.provider != nullptr; }},
                                source);
  if (named) return {};
  return invalid_option("no key is named", "give a key file, an environment variable, a passphrase or a key provider");
}

}  // namespace locket::inline v1::local
