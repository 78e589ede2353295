#include "ask.hpp"

#include <algorithm>

namespace locket::inline v1::vault {

bool Answer::says(std::string_view known) const {
  const auto errors = root()["errors"].children();
  return std::any_of(errors.begin(), errors.end(), [&](const http::Json::Value& error) {
    return error.text().find(known) != std::string_view::npos;
  });
}

}  // namespace locket::inline v1::vault
