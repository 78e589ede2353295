#pragma once

#include <cstddef>
#include <vector>

#include <locket/place.hpp>

#include "resolver/places.hpp"
#include "resolver/plan.hpp"

namespace locket::inline v1::resolver {

/// Where references stand in a document. Asked for in the order of their places, all of them cost one pass.
class ReferencePlaces {
 public:
  explicit ReferencePlaces(const Plan& plan) : plan_(plan), places_(plan.document.text) {}

  /// The place of what begins at `begin` of a scalar's text: exact where each opener is written in the document as it
  /// is, else (`\u003c`) that of the scalar.
  Place at(std::size_t scalar, std::size_t begin);
  /// The place of a scalar itself.
  Place of(std::size_t scalar);

 private:
  std::size_t offset(std::size_t scalar, std::size_t begin);
  void look_at(std::size_t scalar);

  const Plan& plan_;
  Places places_;
  std::size_t scalar_ = nothing;
  std::vector<std::size_t> meant_ = {};    ///< the openers of the scalar's text
  std::vector<std::size_t> written_ = {};  ///< and those of the document between the scalar's begin and end
};

}  // namespace locket::inline v1::resolver
