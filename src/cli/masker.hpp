#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include <locket/secret_value.hpp>

namespace locket::cli {

/// Puts `***` where a secret stands in a stream, whatever pieces the stream comes in:
///
///     Masker masker(secrets, [](std::string_view piece) { write(piece); });
///     while (read(chunk)) masker.write(chunk);
///     masker.finish();
///
/// A secret is recognised as it is, line by line when it has several, and as base64, hexadecimal, URL-encoded and
/// JSON-escaped text (`MaskedForms`). Every byte that belongs to a find is masked; finds that overlap or touch are one
/// `***`. Everything else comes out as it went in, at once and without a copy: only an end that may be the beginning of
/// a secret is held back, until what follows decides. Whatever the pieces, the same comes out.
///
/// The time is at most proportional to the text, whatever the text. What it looks for lives in the arena and is wiped
/// with it. Not thread-safe: one for each stream. Throws `std::bad_alloc` when it is made, and nothing else of its own.
class Masker {
 public:
  /// Gets what may be written, in order; a piece is valid during the call.
  using Sink = std::function<void(std::string_view piece)>;
  /// Shorter secrets are not looked for: "1" or "no" would blacken every page.
  static constexpr std::size_t min_length = 4;

  /// Copies what it needs of `secrets`.
  Masker(std::span<const SecretValue> secrets, Sink sink);
  ~Masker();
  Masker(Masker&&) noexcept;
  Masker& operator=(Masker&&) noexcept;
  Masker(const Masker&) = delete;
  Masker& operator=(const Masker&) = delete;
  /// Looks for these from now on, in what is held back, too. Copies what it needs.
  void look_for(std::span<const SecretValue> secrets);
  /// One for another stream, say, of another thread: it shares what this one looks for, and nothing else.
  [[nodiscard]] Masker with_sink(Sink sink) const;

  void write(std::string_view chunk);
  /// The stream is over: what was held back comes out. Another may begin.
  void finish();

 private:
  class Matcher;
  explicit Masker(std::unique_ptr<Matcher> matcher);

  std::unique_ptr<Matcher> matcher_;
};

}  // namespace locket::cli
