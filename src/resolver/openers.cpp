#include "resolver/openers.hpp"

#include "resolver/find_text.hpp"

namespace locket::inline v1::resolver {

Openers::Openers(std::string_view text, Delimiters delimiters) : text_(text) {
  searches_.push_back({&angle_form, find_text(text, angle_form.opener, 0)});
  if (delimiters == Delimiters::AngleAndBraces) {
    searches_.push_back({&brace_form, find_text(text, brace_form.opener, 0)});
  }
}

Opener Openers::next(std::size_t from) {
  const Search* first = nullptr;
  for (Search& search : searches_) {
    if (search.found < from) search.found = find_text(text_, search.form->opener, from);
    if (search.found == std::string_view::npos) continue;
    if (first == nullptr || search.found < first->found) first = &search;
  }
  if (first == nullptr) return {};
  std::size_t run = first->found;
  while (run > from && text_[run - 1] == '$') --run;
  return {.form = first->form, .run = run, .at = first->found};
}

bool has_opener(std::string_view text, Delimiters delimiters) {
  return find_text(text, angle_form.opener, 0) != std::string_view::npos ||
         (delimiters == Delimiters::AngleAndBraces && find_text(text, brace_form.opener, 0) != std::string_view::npos);
}

std::vector<std::size_t> all_openers(std::string_view text, Delimiters delimiters) {
  std::vector<std::size_t> places;
  Openers openers(text, delimiters);
  for (Opener opener = openers.next(0); opener.form != nullptr; opener = openers.next(opener.at + 1)) {
    places.push_back(opener.at);
  }
  return places;
}

}  // namespace locket::inline v1::resolver
