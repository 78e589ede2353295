#include "masker.hpp"

#include <algorithm>
#include <utility>

#include <locket/secret_buffer.hpp>

#include "mask_index.hpp"

namespace locket::cli {

static_assert(Masker::min_length == MaskedForms::min_length);

// The text at hand is what was held back, or a chunk. Each place of it is looked at in order, until one where a form
// may have begun that the text does not end: from there on it is held back, and looked at again with what follows.
class Masker::Matcher {
 public:
  Matcher(std::shared_ptr<const MaskIndex> index, Sink sink) : index_(std::move(index)), sink_(std::move(sink)) {
    held_.reserve(2 * index_->longest());
  }

  [[nodiscard]] std::unique_ptr<Matcher> with_sink(Sink sink) const {
    return std::make_unique<Matcher>(index_, std::move(sink));
  }

  // What is held back is looked at again with what follows.
  void look_for(std::shared_ptr<const MaskIndex> index) {
    index_ = std::move(index);
    held_.reserve(2 * index_->longest());
  }

  void write(std::string_view chunk) {
    if (chunk.empty()) return;
    if (index_->empty()) return sink_(chunk);
    if (!decide_held(chunk)) return;
    const std::size_t end = scan(chunk);
    pass(chunk, end);
    held_.append(chunk.substr(end));
    out_ = std::max(out_, end) - end;
  }

  void finish() {
    look(held_.view(), 0, held_.size(), true);
    pass(held_.view(), held_.size());
    held_.truncate(0);
    out_ = 0;
    masked_ = false;
  }

 private:
  // Decides for each place that was held back, or for as many as possible; whether for all of them.
  bool decide_held(std::string_view chunk) {
    if (held_.empty()) return true;
    const std::size_t size = held_.size();
    held_.append(chunk.substr(0, index_->longest() - 1));  // a form that began before the chunk ends in there
    const std::size_t end = look(held_.view(), 0, size, false);
    pass(held_.view(), end);
    out_ = std::max(out_, end) - end;
    if (end == size) return held_.truncate(0), true;
    std::copy(held_.data() + end, held_.data() + held_.size(), held_.data());
    held_.truncate(held_.size() - end);
    return false;
  }

  // Looks where forms may begin; where the text must be held back from, or its size.
  std::size_t scan(std::string_view chunk) {
    for (std::size_t begin = 0; begin < chunk.size();) {
      const std::size_t place = index_->sift(chunk, begin + index_->step() - 1);
      const bool last = place + 4 > chunk.size();
      const std::size_t end = last ? chunk.size() : place + 1;
      const std::size_t open = look(chunk, place + 1 - index_->step(), end, false);
      if (open < end) return open;
      begin = end;
    }
    return chunk.size();
  }

  // Masks the forms that begin from `begin` on, up to `end` or to one that may be open; where that was.
  std::size_t look(std::string_view text, std::size_t begin, std::size_t end, bool complete) {
    for (; begin < end; ++begin) {
      const MaskIndex::Found found = index_->at(text.substr(begin));
      if (found.size != 0) mask(text, begin, begin + found.size);
      if (found.open && !complete) break;
    }
    return begin;
  }

  void mask(std::string_view text, std::size_t begin, std::size_t end) {
    pass(text, begin);
    if (!masked_) sink_("***");
    masked_ = true;
    out_ = std::max(out_, end);
  }

  void pass(std::string_view text, std::size_t end) {
    if (end <= out_) return;
    sink_(text.substr(out_, end - out_));
    out_ = end;
    masked_ = false;
  }

  std::shared_ptr<const MaskIndex> index_;
  Sink sink_;
  SecretBuffer held_;
  std::size_t out_ = 0;  // how much of the text at hand came out, or is behind a mask
  bool masked_ = false;  // what came out last is a mask
};

Masker::Masker(std::span<const SecretValue> secrets, Sink sink)
    : matcher_(std::make_unique<Matcher>(std::make_shared<const MaskIndex>(secrets), std::move(sink))) {}
Masker::Masker(std::unique_ptr<Matcher> matcher) : matcher_(std::move(matcher)) {}
Masker::~Masker() = default;
Masker::Masker(Masker&&) noexcept = default;
Masker& Masker::operator=(Masker&&) noexcept = default;

void Masker::look_for(std::span<const SecretValue> secrets) {
  matcher_->look_for(std::make_shared<const MaskIndex>(secrets));
}

Masker Masker::with_sink(Sink sink) const {
  return Masker(matcher_->with_sink(std::move(sink)));
}

void Masker::write(std::string_view chunk) {
  matcher_->write(chunk);
}

void Masker::finish() {
  matcher_->finish();
}

}  // namespace locket::cli
