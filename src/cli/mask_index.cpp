#include "mask_index.hpp"

#include <algorithm>
#include <bit>

namespace locket::cli {
namespace {

// Longer steps would not be faster, as memory is not, and there would be more to say no to.
constexpr std::size_t longest_step = 16;

// Few enough bits are set that a place of other text is rarely looked at, few enough are there for a core's cache.
constexpr std::size_t bits_for_gram = 32;
constexpr unsigned least_width = 15;
constexpr unsigned most_width = 22;

std::size_t common(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

}  // namespace

MaskIndex::MaskIndex(std::span<const SecretValue> secrets) : forms_(secrets) {
  if (forms_.empty()) return;
  std::size_t shortest = forms_[0].size();
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    shortest = std::min(shortest, forms_[i].size());
    longest_ = std::max(longest_, forms_[i].size());
  }
  step_ = std::min(shortest - gram_size + 1, longest_step);
  fill_sieve();
  fill_slots();
  find_parents();
}

void MaskIndex::fill_sieve() {
  const auto wanted = static_cast<unsigned>(std::bit_width(forms_.size() * step_ * bits_for_gram));
  const unsigned width = std::clamp(wanted, least_width, most_width);
  sieve_shift_ = 32 - width;
  sieve_.resize((std::size_t{1} << width) / 8);
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    for (std::size_t at = 0; at < step_; ++at) {
      const std::uint32_t bit = hash(gram(forms_[i], at));
      char& byte = sieve_.data()[bit / 8];
      byte = static_cast<char>(static_cast<unsigned char>(byte) | (1U << (bit % 8)));
    }
  }
}

void MaskIndex::fill_slots() {
  slot_mask_ = std::bit_ceil(2 * forms_.size()) - 1;
  slots_.resize((slot_mask_ + 1) * sizeof(Slot));
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    const Gram key = gram(forms_[i]);
    const std::size_t place = slot_of(key);
    Slot entry = slot(place);
    if (entry.last == 0) entry = {.gram = key, .first = static_cast<std::uint32_t>(i)};
    entry.last = static_cast<std::uint32_t>(i + 1);
    std::memcpy(slots_.data() + place * sizeof(Slot), &entry, sizeof(Slot));
  }
}

// Sorted, a form comes after those that it begins with, and everything between begins with them, too.
void MaskIndex::find_parents() {
  parents_.resize(forms_.size());
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    std::size_t parent = i == 0 ? 0 : i - 1;
    while (!forms_[i].starts_with(forms_[parent]) && parents_[parent] != parent) parent = parents_[parent];
    parents_[i] = static_cast<std::uint32_t>(forms_[i].starts_with(forms_[parent]) ? parent : i);
  }
}

MaskIndex::Slot MaskIndex::slot(std::size_t i) const noexcept {
  Slot result;
  std::memcpy(&result, slots_.view().data() + i * sizeof(Slot), sizeof(Slot));
  return result;
}

std::size_t MaskIndex::slot_of(Gram gram) const noexcept {
  std::size_t i = (gram * 0x85EBCA6BU >> 8U) & slot_mask_;
  for (Slot found = slot(i); found.last != 0 && found.gram != gram; found = slot(i)) i = (i + 1) & slot_mask_;
  return i;
}

std::pair<std::size_t, std::size_t> MaskIndex::candidates(std::string_view text) const noexcept {
  if (text.size() < gram_size) return {0, forms_.size()};
  const Slot found = slot(slot_of(gram(text)));
  return {found.first, found.last};
}

std::size_t MaskIndex::longest_of(std::size_t i, std::string_view text) const noexcept {
  const std::size_t same = common(forms_[i], text);
  while (forms_[i].size() > same) {
    if (parents_[i] == i) return 0;
    i = parents_[i];
  }
  return forms_[i].size();
}

MaskIndex::Found MaskIndex::at(std::string_view text) const noexcept {
  text = text.substr(0, longest_);
  const auto [first, last] = candidates(text);
  // All forms that `text` begins with are the one before the first greater one, and what that begins with.
  std::size_t greater = first;
  for (std::size_t end = last; greater < end;) {
    const std::size_t middle = greater + (end - greater) / 2;
    if (forms_[middle] > text) {
      end = middle;
    } else {
      greater = middle + 1;
    }
  }
  return {.size = greater == first ? 0 : longest_of(greater - 1, text),
          .open = greater < last && forms_[greater].starts_with(text)};
}

}  // namespace locket::cli
