#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <locket/secret_buffer.hpp>
#include <locket/secret_value.hpp>

#include "masked_forms.hpp"

namespace locket::cli {

/// Finds forms in text: which may begin at a place (`at`), and fast, where none can (`sift`).
///
/// Every form has at least `step() + 3` bytes, so a form anywhere in a text covers one of the 4 bytes at each
/// `step()`-th place with 4 of its own first `step() + 3`. A bit for the hash of each of those says no for all but few
/// places of other text. What is derived from forms lives in the arena, as they do.
class MaskIndex {
 public:
  /// What is where a text begins.
  struct Found {
    std::size_t size = 0;  ///< Of the longest form there; 0 is none.
    bool open = false;     ///< A longer form begins with the whole of the text: it may yet follow.
  };

  /// Throws `std::bad_alloc`.
  explicit MaskIndex(std::span<const SecretValue> secrets);

  [[nodiscard]] bool empty() const noexcept { return forms_.empty(); }
  /// The size of the longest form.
  [[nodiscard]] std::size_t longest() const noexcept { return longest_; }
  [[nodiscard]] std::size_t step() const noexcept { return step_; }

  /// In time bounded by `longest()`, whatever the text; there must be a form.
  [[nodiscard]] Found at(std::string_view text) const noexcept;

  /// The first of `place`, `place + step()`, … that a form may cover that began in the `step()` bytes that end there;
  /// else the first with fewer than 4 bytes of `text` left.
  [[nodiscard]] std::size_t sift(std::string_view text, std::size_t place) const noexcept {
    const char* bits = sieve_.view().data();
    const std::size_t end = text.size() < gram_size ? 0 : text.size() - gram_size + 1;
    while (place < end && !has(bits, hash(gram(text, place)))) place += step_;
    return place;
  }

 private:
  using Gram = std::uint32_t;
  static constexpr std::size_t gram_size = sizeof(Gram);

  /// The forms from `first` to `last` begin with `gram`; none do in a free slot.
  struct Slot {
    Gram gram = 0;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
  };

  static Gram gram(std::string_view text, std::size_t at = 0) noexcept {
    Gram result = 0;
    std::memcpy(&result, text.data() + at, gram_size);
    return result;
  }
  [[nodiscard]] std::uint32_t hash(Gram gram) const noexcept { return (gram * 0x9E3779B1U) >> sieve_shift_; }
  static bool has(const char* bits, std::uint32_t bit) noexcept {
    return ((static_cast<unsigned char>(bits[bit / 8]) >> (bit % 8)) & 1U) != 0;
  }

  void fill_sieve();
  void fill_slots();
  void find_parents();
  [[nodiscard]] Slot slot(std::size_t i) const noexcept;
  /// Where the slot for `gram` is, or would be.
  [[nodiscard]] std::size_t slot_of(Gram gram) const noexcept;
  /// The forms that may begin as `text` does.
  [[nodiscard]] std::pair<std::size_t, std::size_t> candidates(std::string_view text) const noexcept;
  /// Of the form `i` and the forms that it begins with, the size of the longest that `text` begins with.
  [[nodiscard]] std::size_t longest_of(std::size_t i, std::string_view text) const noexcept;

  MaskedForms forms_;
  std::size_t longest_ = 0;
  std::size_t step_ = 1;
  SecretBuffer sieve_;  ///< Bits.
  unsigned sieve_shift_ = 0;
  SecretBuffer slots_;  ///< An open-addressing table, at most half full.
  std::size_t slot_mask_ = 0;
  std::vector<std::uint32_t> parents_;  ///< The longest form that the i-th one begins with; itself when none.
};

}  // namespace locket::cli
