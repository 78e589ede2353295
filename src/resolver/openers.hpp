#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <locket/resolver/reference.hpp>

#include "resolver/reference_split.hpp"

namespace locket::inline v1::resolver {

/// A place where a reference begins or an escaped one stands.
struct Opener {
  const Form* form = nullptr;  ///< null: there is none
  std::size_t run = 0;         ///< where the run of '$' begins
  std::size_t at = 0;          ///< its last '$'

  bool escaped() const { return (at - run) % 2 == 1; }
  /// How many of the run's '$' are text.
  std::size_t dollars() const { return (at - run + 1) / 2; }
};

/// Finds one opener after the other. Reads the text once, whatever is asked for.
class Openers {
 public:
  Openers(std::string_view text, Delimiters delimiters);

  /// The first one at `from` or behind it; `from` never goes back.
  Opener next(std::size_t from);

 private:
  struct Search {
    const Form* form;
    std::size_t found;
  };

  std::string_view text_;
  std::vector<Search> searches_;
};

/// Whether anything in `text` must be replaced.
bool has_opener(std::string_view text, Delimiters delimiters);

/// Where the openers of `text` stand, their last '$' each, whatever comes of them.
std::vector<std::size_t> all_openers(std::string_view text, Delimiters delimiters);

}  // namespace locket::inline v1::resolver
