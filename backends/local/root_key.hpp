#pragma once

#include <optional>
#include <string>

#include <locket/backends/local.hpp>
#include <locket/random.hpp>
#include <locket/result.hpp>

#include "codec.hpp"
#include "crypto/argon2id.hpp"
#include "crypto/key.hpp"
#include "header.hpp"

/// From the source of a root key to the keys that are made of it.
namespace locket::inline v1::local {

/// The header as it stands in the file.
struct SignedHeader {
  Header header;
  std::string body;
  HeaderSum sum{};
  Digest mac{};
};

/// HKDF-SHA256(root, salt = store_id, info = "locket/v1/" ‖ "wrap", "header" or "state")
struct RootKeys {
  crypto::Key wrap;    ///< seals the data keys
  crypto::Key header;  ///< signs the header
  crypto::Key state;   ///< seals the state
};
Result<RootKeys> derive_keys(const crypto::Key& root, const StoreId& store);

/// The body with its checksum and MAC.
Result<SignedHeader> sign(const Header& header, const RootKeys& keys);
/// Takes apart what stands in the file. Integrity (reason "local.damaged_header") when the checksum is wrong or the
/// body is none. The MAC is not looked at: that is what `unlock` is for.
Result<SignedHeader> parse_signed_header(Bytes body, Bytes sum, Bytes mac);

/// What a passphrase may cost when `max_memory` MiB are allowed.
crypto::Argon2Limits kdf_limits(std::uint32_t max_memory);

struct Unlocked {
  RootKeys keys;
  /// The key stood in PATH.next: a rekey was interrupted behind its commit.
  bool from_next = false;
};
/// The keys of this header, from its source. Nothing but the MAC is believed: local.wrong_key when it does not fit.
Result<Unlocked> unlock(const SignedHeader& header, const KeySource& source, const crypto::Argon2Limits& limits);

/// A root key for a new header, whose kind and parameters are filled in.
struct NewRoot {
  crypto::Key key;
  /// Whether `key` is new and must be written to the source's key file before anything is under it.
  bool write_file = false;
};
struct RootRequest {
  /// A key file that is there gives the key; otherwise a new one is made whatever is there.
  bool reuse_file = false;
  const crypto::Argon2Limits& limits;
  RandomSource& random;
};
Result<NewRoot> make_root(Header& header, const KeySource& source, const RootRequest& request);

/// InvalidArgument when the source names nothing.
Result<void> check_source(const KeySource& source);

}  // namespace locket::inline v1::local
