#include <locket/suggest.hpp>

#include <algorithm>
#include <limits>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace locket::inline v1 {
namespace {

constexpr std::size_t max_size = 512;
constexpr std::size_t max_distance = 2;

// Optimal string alignment distance, three rows at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

bool comparable(std::string_view a, std::string_view b) {
  const auto [shorter, longer] = std::minmax({a.size(), b.size()});  // by value
  return longer <= max_size && longer - shorter <= max_distance;
}

}  // namespace

std::optional<std::string> suggest(std::string_view text, std::span<const std::string> candidates) {
  std::optional<std::string> best;
  std::size_t least = std::min(max_distance, (text.size() - (text.empty() ? 0 : 1)) / 2) + 1;
  for (const std::string& candidate : candidates) {
    if (!comparable(text, candidate)) continue;
    const std::size_t edits = distance(text, candidate);
    if (edits >= least) continue;
    least = edits;
    best = candidate;
  }
  return best;
}

std::string suggestion_hint(std::string_view text, std::span<const std::string> candidates) {
  const std::string known = fmt::format("known are: {}", fmt::join(candidates, ", "));
  const auto meant = suggest(text, candidates);
  return meant ? fmt::format("did you mean '{}'? {}", *meant, known) : known;
}

}  // namespace locket::inline v1
