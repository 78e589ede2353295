#pragma once

#include <span>
#include <string_view>

#include <locket/secret_buffer.hpp>
#include <locket/secret_value.hpp>

#include "descriptor.hpp"
#include "masker.hpp"

namespace locket::cli {

/// What a program writes, on its way to where it belongs, without the secrets.
///
/// When nobody takes it any more (a closed pipe, a terminal that is gone), the stream is closed, and the program learns
/// that by its next write, as if nothing stood between.
class MaskedStream {
 public:
  /// Reads from `from`, which it owns, and writes to `to`.
  MaskedStream(Descriptor from, int to, std::span<const SecretValue> secrets);
  /// Without the same secrets as `other`, with which it shares what it looks for.
  MaskedStream(Descriptor from, int to, const MaskedStream& other);
  MaskedStream(const MaskedStream&) = delete;
  MaskedStream& operator=(const MaskedStream&) = delete;
  ~MaskedStream() = default;

  /// Where to read; -1 when the stream is over.
  int from() const noexcept { return from_.get(); }
  /// Passes on what can be read, once; waits when nothing can. `room` is where it is read to, and holds secrets then.
  void pass(std::span<char> room);
  /// Passes on what can be read now, and not what comes meanwhile.
  void pass_rest(std::span<char> room);
  /// What the masker held back, because it may be the beginning of a secret, comes out.
  void let_out();
  /// No more is read, and what was held back comes out.
  void end();
  /// These are masked from now on.
  void mask(std::span<const SecretValue> secrets);

  /// Nobody takes what is written.
  bool is_refused() const noexcept { return to_ < 0; }
  /// errno of a write that failed for another reason than that nobody reads; 0 when there was none.
  int failure() const noexcept { return failure_; }

 private:
  Masker::Sink sink();
  void collect(std::string_view piece);
  void flush();
  void write(std::string_view text);

  Descriptor from_;
  int to_;
  Masker masker_;
  /// Pieces that are small go out together.
  SecretBuffer collected_ = {};
  int failure_ = 0;
};

}  // namespace locket::cli
