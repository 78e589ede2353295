#include "resolver/reference_places.hpp"

#include <algorithm>

#include "resolver/openers.hpp"

namespace locket::inline v1::resolver {

void ReferencePlaces::look_at(std::size_t scalar) {
  if (scalar == scalar_) return;
  const Scalar& seen = plan_.scalars[scalar];
  meant_ = all_openers(seen.text, plan_.delimiters);
  written_ = all_openers(plan_.document.text.substr(seen.begin, seen.end - seen.begin), plan_.delimiters);
  scalar_ = scalar;
}

std::size_t ReferencePlaces::offset(std::size_t scalar, std::size_t begin) {
  look_at(scalar);
  const std::size_t start = plan_.scalars[scalar].begin;
  if (meant_.size() != written_.size()) return start;
  const auto found = std::ranges::lower_bound(meant_, begin);
  return start + written_[static_cast<std::size_t>(found - meant_.begin())];
}

Place ReferencePlaces::at(std::size_t scalar, std::size_t begin) {
  Place place = places_.at(offset(scalar, begin));
  place.file = plan_.document.file;
  place.path = to_string(plan_.scalars[scalar].path);
  return place;
}

Place ReferencePlaces::of(std::size_t scalar) {
  Place place = places_.at(plan_.scalars[scalar].begin);
  place.file = plan_.document.file;
  place.path = to_string(plan_.scalars[scalar].path);
  return place;
}

}  // namespace locket::inline v1::resolver
