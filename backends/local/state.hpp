#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <locket/random.hpp>
#include <locket/result.hpp>
#include <locket/secret_buffer.hpp>

#include "codec.hpp"
#include "crypto/key.hpp"

/// The sealed state: what tells a file's present contents from older ones, row by row.
namespace locket::inline v1::local {

inline constexpr std::size_t bucket_count = 256;

/// A number modulo 2^256. Sums of MACs: adding and taking away are each other's inverse, and unlike with XOR nothing
/// cancels itself out when it comes twice.
class Sum {
 public:
  Sum() = default;
  /// The digest as a big-endian number.
  explicit Sum(const Digest& digest) noexcept;

  Sum& operator+=(const Sum& other) noexcept;
  Sum& operator-=(const Sum& other) noexcept;
  Digest bytes() const noexcept;

  friend bool operator==(const Sum&, const Sum&) = default;

 private:
  std::array<std::uint64_t, 4> limbs_{};  ///< least significant first
};

/// What a bucket's rows amount to.
struct Bucket {
  std::uint32_t count = 0;
  Sum sum = {};

  void add(const Sum& element) noexcept;
  void take(const Sum& element) noexcept;
  friend bool operator==(const Bucket&, const Bucket&) = default;
};

struct State {
  /// Counts the writes.
  std::uint64_t generation;
  /// Keys the buckets and their elements.
  crypto::Key set_key;
  /// SHA-256 over the data keys' rows.
  Digest ring;
  std::array<Bucket, bucket_count> buckets;

  State clone() const;
};

/// Of an empty store without data keys; the set key comes from `random`.
Result<State> new_state(RandomSource& random);

/// u64 generation ‖ K_set[32] ‖ ring[32] ‖ 256 × { u32 count ‖ S[32] }
void encode(const State& state, SecretBuffer& out);
/// Integrity when `plaintext` is no such thing.
Result<State> parse_state(Bytes plaintext);

}  // namespace locket::inline v1::local
