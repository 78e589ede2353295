#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <locket/error.hpp>
#include <locket/resolver/format.hpp>
#include <locket/resolver/reference.hpp>
#include <locket/resolver/resolver.hpp>

#include "resolver/reference_split.hpp"

/// What is to be done to a document: its scalars, what they consist of, and what is wrong so far.
namespace locket::inline v1::resolver {

inline constexpr std::size_t nothing = std::numeric_limits<std::size_t>::max();

/// A well-written reference.
struct Slot {
  Reference reference = {};
  const Form* form = nullptr;
  std::size_t scalar = 0;
  std::size_t begin = 0;  ///< in the scalar's text
  bool whole = false;     ///< it is all of the scalar
};

/// A piece of a scalar's text: what stands there, or what comes in a reference's place.
struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t slot = nothing;
};

/// What is wrong with one reference. The message does not name it yet.
struct Problem {
  std::size_t scalar = 0;
  std::size_t begin = 0;
  const Form* form = nullptr;   ///< null: the scalar as a whole, where a reference is escaped
  std::size_t slot = nothing;   ///< none of a badly written one
  bool no_such_secret = false;  ///< names may be suggested
  ErrorDetails details = {};
};

struct Document {
  std::string_view text = {};
  const Format* format = nullptr;
  std::string_view file = {};
};

struct Plan {
  Document document = {};
  Delimiters delimiters = Delimiters::Angle;
  std::vector<Scalar> scalars = {};
  std::vector<std::size_t> first_parts = {};  ///< of each scalar, and one behind the last
  std::vector<Part> parts = {};
  std::vector<Slot> slots = {};
  std::size_t references = 0;  ///< badly written ones too
  std::vector<Problem> problems = {};

  std::span<const Part> parts_of(std::size_t scalar) const {
    return std::span(parts).subspan(first_parts[scalar], first_parts[scalar + 1] - first_parts[scalar]);
  }
  /// Whether anything in it is to be replaced.
  bool changes(std::size_t scalar) const {
    const auto own = parts_of(scalar);
    return own.size() > 1 || (own.size() == 1 && own.front().slot != nothing);
  }
  void add_problem(std::size_t slot, ErrorDetails details, bool no_such_secret = false);
  void add_problem(std::size_t slot, Wrong wrong, ErrorCode code = ErrorCode::InvalidArgument);
};

/// Which scalars a plan holds.
enum class Scope : std::uint8_t { Replaced, All };

Result<Plan> make_plan(const Document& document, const ResolverOptions& options, Scope scope);

}  // namespace locket::inline v1::resolver
