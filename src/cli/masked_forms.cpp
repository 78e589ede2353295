#include "masked_forms.hpp"

#include <algorithm>
#include <bitset>
#include <utility>

#include "json_stream.hpp"
#include "mask_base64.hpp"
#include "mask_spellings.hpp"

namespace locket::cli {
namespace {

constexpr std::string_view line_ends = "\r\n";

std::string_view without(std::string_view text, std::string_view around) {
  const std::size_t begin = text.find_first_not_of(around);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(around) + 1 - begin);
}

std::string_view chomped(std::string_view value) {
  return value.substr(0, value.find_last_not_of(line_ends) + 1);
}

bool is_armour(std::string_view line) {
  return (line.starts_with("-----BEGIN ") || line.starts_with("-----END ")) && line.ends_with("-----");
}

bool has_different_bytes(std::string_view line, std::size_t least) {
  std::bitset<256> seen;
  for (char c : line) seen.set(static_cast<unsigned char>(c));
  return seen.count() >= least;
}

// `at`, or up to 3 bytes before it, where a character of UTF-8 begins.
std::size_t character_at(std::string_view text, std::size_t at) {
  for (std::size_t begin = at; begin + 3 >= at; --begin) {
    if ((static_cast<unsigned char>(text[begin]) & 0xC0U) != 0x80U) return begin;
  }
  return at;  // no UTF-8
}

// Calls `take` with where each begins and ends.
template <class Take>
void for_each_piece(std::string_view text, std::size_t size, Take take) {
  if (text.size() <= size) return take(0, text.size());
  for (std::size_t begin = 0; begin + size < text.size();) {
    const std::size_t end = character_at(text, begin + size);
    take(begin, end);
    begin = end;
  }
  take(character_at(text, text.size() - size), text.size());
}

// Hears a document's strings; the names of members are none.
template <class Take>
struct StringHandler : rapidjson::BaseReaderHandler<Utf8, StringHandler<Take>> {
  explicit StringHandler(Take taker) : take(std::move(taker)) {}

  bool String(const char* text, rapidjson::SizeType size, bool) { return take(std::string_view(text, size)), true; }
  bool Key(const char*, rapidjson::SizeType, bool) { return true; }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return true; }

  Take take;
};

}  // namespace

MaskedForms::MaskedForms(std::span<const SecretValue> secrets) {
  for (const SecretValue& secret : secrets) {
    if (secret.size() >= min_length) add_secret(secret.expose());
  }
  sort();
}

void MaskedForms::add_secret(std::string_view value) {
  std::string_view text = chomped(value);
  if (text.size() < min_length) text = value;
  add_text(text, value);
  if (without(text, " \t\r\n").starts_with('{')) add_strings(text);
}

// `text` is `value` without the line ends behind it.
void MaskedForms::add_text(std::string_view text, std::string_view value) {
  for_each_piece(text, piece, [&](std::size_t begin, std::size_t end) {
    for_each_spelling(text.substr(begin, end - begin), [this](std::string_view form) { add(form); });
  });
  add_lines(text);
  const auto add_base64 = [this](std::string_view form, std::size_t known) { add_pieces(form, known); };
  for_each_base64(text, 0, add_base64);
  if (text.size() != value.size()) for_each_base64(value, text.size(), add_base64);  // its last characters differ
}

// What stands before an error was heard, which does no harm.
void MaskedForms::add_strings(std::string_view object) {
  SecretBuffer copy;
  copy.append(object);
  copy.push_back('\0');
  StringHandler handler([this](std::string_view text) {
    if (text.size() >= min_line && has_different_bytes(text, 4)) add_text(chomped(text), text);
  });
  rapidjson::InsituStringStream in(copy.data());
  JsonReader().Parse<parse_flags>(in, handler);
}

void MaskedForms::add_lines(std::string_view value) {
  for (std::size_t begin = 0; begin < value.size();) {
    const std::size_t end = std::min(value.find_first_of(line_ends, begin), value.size());
    const std::string_view line = without(value.substr(begin, end - begin), " \t");
    if (line.size() >= min_line && !is_armour(line) && has_different_bytes(line, 4)) add_pieces(line, 0);
    begin = end + 1;
  }
}

void MaskedForms::add_pieces(std::string_view text, std::size_t known) {
  for_each_piece(text, piece, [&](std::size_t begin, std::size_t end) {
    if (end > known || end == text.size()) add(text.substr(begin, end - begin));
  });
}

void MaskedForms::add(std::string_view form) {
  if (form.size() < min_length) return;
  places_.push_back({.begin = text_.size(), .size = form.size()});
  text_.append(form);
}

void MaskedForms::sort() {
  const auto view = [this](const Place& place) { return text_.view().substr(place.begin, place.size); };
  std::sort(places_.begin(), places_.end(), [&](const Place& a, const Place& b) { return view(a) < view(b); });
  const auto same = [&](const Place& a, const Place& b) { return view(a) == view(b); };
  places_.erase(std::unique(places_.begin(), places_.end(), same), places_.end());
  SecretBuffer text;
  for (Place& place : places_) {
    text.append(view(place));
    place.begin = text.size() - place.size;
  }
  text_ = std::move(text);
  places_.shrink_to_fit();
}

}  // namespace locket::cli
