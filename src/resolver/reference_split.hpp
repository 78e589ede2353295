#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <locket/resolver/reference.hpp>
#include <locket/result.hpp>

/// Where references begin and end in a text; what their parts mean is reference_parts.hpp's business.
namespace locket::inline v1::resolver {

/// The two ways to write one.
struct Form {
  std::string_view opener;
  char end = '>';
};
inline constexpr Form angle_form{.opener = "$<secret:", .end = '>'};
inline constexpr Form brace_form{.opener = "${secret:", .end = '}'};

/// The raw parts of a reference; views of the text.
struct Split {
  std::string_view name = {};  ///< with the alias
  bool has_field = false;
  std::string_view field = {};
  bool has_options = false;
  std::string_view options = {};
  bool has_default = false;
  char quote = '\0';           ///< of the default; NUL for a bare one
  std::string_view text = {};  ///< the default's, without its quotes
  std::size_t end = 0;         ///< behind the reference, in the text
};

/// What is wrong with a reference, for people: reason "reference.…", and what to do.
struct Wrong {
  std::string reason = {};
  std::string message = {};
  std::string hint = {};
};

/// Splits the reference that begins at `begin`, where `form.opener` stands. Time linear in its length, and what is read
/// ends where another reference begins.
bool split(std::string_view text, std::size_t begin, const Form& form, Delimiters delimiters, Split& parts,
           Wrong& wrong);

/// The reference as people may see it: what stands at `begin`, no further than its default, its end, the line's end or
/// another reference.
std::string shown(std::string_view text, std::size_t begin, const Form& form);

}  // namespace locket::inline v1::resolver
