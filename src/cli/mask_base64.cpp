#include "mask_base64.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include <openssl/evp.h>

#include <locket/secret_buffer.hpp>

namespace locket::cli {
namespace {

SecretBuffer encoded(std::string_view bytes) {
  constexpr std::size_t most = 3 << 20;  // in one call: its sizes are ints
  SecretBuffer text;
  text.reserve((bytes.size() + 2) / 3 * 4 + 1);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), most))) {
    const std::size_t size = std::min(bytes.size(), most);
    const std::span<char> room = text.prepare((size + 2) / 3 * 4 + 1);  // and a NUL
    auto* to = reinterpret_cast<unsigned char*>(room.data());
    const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
    text.commit(static_cast<std::size_t>(EVP_EncodeBlock(to, from, static_cast<int>(size))));
  }
  return text;
}

// Whether that made a difference.
bool make_url_safe(SecretBuffer& text) {
  const bool differs = text.view().find_first_of("+/") != std::string_view::npos;
  std::replace(text.data(), text.data() + text.size(), '+', '-');
  std::replace(text.data(), text.data() + text.size(), '/', '_');
  return differs;
}

// How many characters hold nothing but bits of `size` bytes.
std::size_t full_characters(std::size_t size) {
  return 8 * size / 6;
}

// `value` where `lead` bytes are before it in its group of three.
void take_aligned(std::string_view value, std::size_t lead, std::size_t known, const TakeBase64& take) {
  SecretBuffer bytes;
  bytes.resize(lead);
  bytes.append(value);
  SecretBuffer padded = encoded(bytes.view());
  const std::size_t begin = (8 * lead + 5) / 6;  // the first character that holds nothing of the lead
  const std::size_t full = full_characters(bytes.size());
  const std::size_t touched = (8 * bytes.size() + 5) / 6;
  do {
    const std::string_view text = padded.view().substr(begin);
    take(text, known == 0 ? 0 : full_characters(lead + known) - begin);
    take(text.substr(0, touched - begin), touched - begin);
    take(text.substr(0, full - begin), full - begin);
  } while (make_url_safe(padded));
}

void take_wrapped(std::string_view text, std::size_t width, std::string_view line_end, std::size_t known,
                  const TakeBase64& take) {
  if (text.size() <= width) return;
  SecretBuffer wrapped;
  for (; text.size() > width; text.remove_prefix(width)) {
    wrapped.append(text.substr(0, width));
    wrapped.append(line_end);
  }
  wrapped.append(text);
  take(wrapped.view(), known);
}

}  // namespace

void for_each_base64(std::string_view value, std::size_t known, const TakeBase64& take) {
  for (std::size_t lead = 0; lead < 3; ++lead) take_aligned(value, lead, known, take);
  const SecretBuffer text = encoded(value);
  for (std::size_t width : {std::size_t{76}, std::size_t{64}}) {  // MIME and base64(1); PEM
    for (std::string_view line_end : {"\n", "\r\n"}) {
      take_wrapped(text.view(), width, line_end, full_characters(known), take);
      // Something may follow: `echo` writes a newline behind the value.
      take_wrapped(text.view().substr(0, full_characters(value.size())), width, line_end, full_characters(known), take);
    }
  }
}

}  // namespace locket::cli
