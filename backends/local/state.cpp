#include "state.hpp"

#include "errors.hpp"

namespace locket::inline v1::local {

Sum::Sum(const Digest& digest) noexcept {
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    limbs_[i] = load_big_endian<std::uint64_t>(digest.data() + 8 * (limbs_.size() - 1 - i));
  }
}

Digest Sum::bytes() const noexcept {
  Digest digest;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    store_big_endian(limbs_[i], digest.data() + 8 * (limbs_.size() - 1 - i));
  }
  return digest;
}

Sum& Sum::operator+=(const Sum& other) noexcept {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    const std::uint64_t with_carry = limbs_[i] + carry;
    const std::uint64_t sum = with_carry + other.limbs_[i];
    carry = static_cast<std::uint64_t>(with_carry < carry) + static_cast<std::uint64_t>(sum < with_carry);
    limbs_[i] = sum;
  }
  return *this;
}

Sum& Sum::operator-=(const Sum& other) noexcept {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    const std::uint64_t less = limbs_[i] - borrow;
    const std::uint64_t difference = less - other.limbs_[i];
    borrow = static_cast<std::uint64_t>(less > limbs_[i]) + static_cast<std::uint64_t>(difference > less);
    limbs_[i] = difference;
  }
  return *this;
}

void Bucket::add(const Sum& element) noexcept {
  ++count;
  sum += element;
}

void Bucket::take(const Sum& element) noexcept {
  --count;
  sum -= element;
}

State State::clone() const {
  return {.generation = generation, .set_key = set_key.clone(), .ring = ring, .buckets = buckets};
}

Result<State> new_state(RandomSource& random) {
  auto key = crypto::Key::generate(random);
  if (!key) return std::move(key).error();
  return State{.generation = 0, .set_key = std::move(*key), .ring = {}, .buckets = {}};
}

void encode(const State& state, SecretBuffer& out) {
  out.truncate(0);
  Writer writer(out);
  writer.number(state.generation).raw(state.set_key.bytes()).raw(state.ring);
  for (const Bucket& bucket : state.buckets) writer.number(bucket.count).raw(bucket.sum.bytes());
}

Result<State> parse_state(Bytes plaintext) {
  Reader reader(plaintext);
  const auto generation = reader.number<std::uint64_t>();
  const Bytes key = reader.raw(crypto::Key::size);
  if (reader.failed()) return integrity_error("the store's state");
  State state{.generation = generation,
              .set_key = crypto::Key(key.first<crypto::Key::size>()),
              .ring = reader.array<sizeof(Digest)>(),
              .buckets = {}};
  for (Bucket& bucket : state.buckets) {
    bucket.count = reader.number<std::uint32_t>();
    bucket.sum = Sum(reader.array<sizeof(Digest)>());
  }
  if (!reader.complete()) return integrity_error("the store's state");
  return state;
}

}  // namespace locket::inline v1::local
