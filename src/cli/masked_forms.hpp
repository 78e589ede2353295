#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <locket/secret_buffer.hpp>
#include <locket/secret_value.hpp>

namespace locket::cli {

/// The byte strings that stand for secrets in what a program prints: each secret without the line ends behind it, in
/// all of `for_each_spelling` and `for_each_base64`; the lines of one that has several; and the strings in one that is
/// a JSON object, because a program takes it apart.
///
/// - A line counts without the blanks around it, when it has at least `min_line` bytes, at least 4 different ones, and
///   is not PEM's armour: `{`, `data:`, `----------` and `-----BEGIN` are in everybody's output. So does a string of an
///   object, which is there in all that a secret is.
/// - What is longer than `piece` characters is there in pieces of that many, the last one overlapping the one before:
///   a part of a long secret is one, too. That also bounds how long a form is, whatever the secret's length.
///
/// Sorted, each once, at least `min_length` bytes long. Their text lives in the arena. Immutable: threads may read.
class MaskedForms {
 public:
  /// Shorter secrets have no form.
  static constexpr std::size_t min_length = 4;
  static constexpr std::size_t min_line = 8;
  static constexpr std::size_t piece = 64;

  /// Throws `std::bad_alloc`.
  explicit MaskedForms(std::span<const SecretValue> secrets);

  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
  [[nodiscard]] bool empty() const noexcept { return places_.empty(); }
  /// Valid as long as this object stays where it is.
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
    return text_.view().substr(places_[i].begin, places_[i].size);
  }

 private:
  struct Place {
    std::size_t begin = 0;
    std::size_t size = 0;
  };

  void add_secret(std::string_view value);
  void add_text(std::string_view text, std::string_view value);
  void add_strings(std::string_view object);
  void add_lines(std::string_view value);
  /// The pieces of the first `known` characters are there already.
  void add_pieces(std::string_view text, std::size_t known);
  void add(std::string_view form);
  void sort();

  SecretBuffer text_;
  std::vector<Place> places_;
};

}  // namespace locket::cli
