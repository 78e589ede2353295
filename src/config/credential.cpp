#include "config/credential.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace locket::inline v1::config {

bool sounds_like_credential(std::string_view key) {
  constexpr std::array<std::string_view, 12> endings{"password",  "passwd", "passphrase", "pwd",
                                                     "token",     "secret", "secretid",   "secretkey",
                                                     "accesskey", "apikey", "privatekey", "credentials"};
  std::string letters;
  for (char c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c >= 'a' && c <= 'z') letters += c;
  }
  return std::ranges::any_of(endings, [&](std::string_view ending) { return letters.ends_with(ending); });
}

}  // namespace locket::inline v1::config
