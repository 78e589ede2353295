#include "resolver/report.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "resolver/reference_places.hpp"

namespace locket::inline v1::resolver {
namespace {

// Which kind stands for all: first what nobody may overlook, then what makes all else uncertain.
int rank(ErrorCode code) {
  switch (code) {
    case ErrorCode::Integrity: return 0;
    case ErrorCode::Unauthenticated: return 1;
    case ErrorCode::PermissionDenied: return 2;
    case ErrorCode::Unavailable: return 3;
    case ErrorCode::Network: return 4;
    case ErrorCode::Throttled: return 5;
    case ErrorCode::Timeout: return 6;
    case ErrorCode::NotFound: return 7;
    case ErrorCode::Deleted: return 8;
    case ErrorCode::Expired: return 9;
    case ErrorCode::InvalidArgument: return 10;
    case ErrorCode::LimitExceeded: return 11;
    default: return 12;
  }
}

Error cause(Problem& problem, const Plan& plan, ReferencePlaces& places) {
  ErrorDetails details = std::move(problem.details);
  if (problem.form == nullptr) {
    details.place = places.of(problem.scalar);
    return Error(std::move(details));
  }
  const std::string reference = shown(plan.scalars[problem.scalar].text, problem.begin, *problem.form);
  details.message = fmt::format("{}: {}", reference, details.message);
  details.place = places.at(problem.scalar, problem.begin);
  return Error(std::move(details));
}

std::optional<std::chrono::milliseconds> longest_wait(const std::vector<Error>& causes) {
  std::optional<std::chrono::milliseconds> longest;
  for (const Error& each : causes) longest = std::max(longest, each.retry_after());
  return longest;
}

}  // namespace

Error report(Plan& plan) {
  const auto place = [](const Problem& each) { return std::tuple(each.scalar, each.begin); };
  if (!std::ranges::is_sorted(plan.problems, {}, place)) std::ranges::sort(plan.problems, {}, place);
  ReferencePlaces places(plan);
  std::vector<Error> causes;
  causes.reserve(plan.problems.size());
  for (Problem& problem : plan.problems) causes.push_back(cause(problem, plan, places));
  const auto worst = std::ranges::min_element(causes, {}, [](const Error& each) { return rank(each.code()); });
  const bool passing = std::ranges::all_of(causes, [](const Error& each) { return each.retryable(); });
  ErrorDetails details{.code = worst->code(),
                       .reason = "resolver.references",
                       .message = fmt::format("{} of {} references cannot be resolved", causes.size(), plan.references),
                       .operation = "resolve",
                       .retryable = passing,
                       .retry_after = longest_wait(causes)};
  if (!plan.document.file.empty()) details.place = Place{.file = std::string(plan.document.file)};
  return Error(std::move(details), std::move(causes));
}

Error together(std::vector<Error> errors, std::string_view reason) {
  if (errors.size() == 1) return std::move(errors.front());
  std::vector<Error> causes;
  for (Error& each : errors) {
    if (each.causes().empty()) {
      causes.push_back(std::move(each));
    } else {
      causes.insert(causes.end(), each.causes().begin(), each.causes().end());
    }
  }
  const auto gravest = std::ranges::min_element(causes, {}, [](const Error& each) { return rank(each.code()); });
  const bool passing = std::ranges::all_of(causes, [](const Error& each) { return each.retryable(); });
  ErrorDetails details{.code = gravest->code(),
                       .reason = std::string(reason),
                       .message = fmt::format("the configuration has {} errors", causes.size()),
                       .operation = "load",
                       .retryable = passing,
                       .retry_after = longest_wait(causes)};
  return Error(std::move(details), std::move(causes));
}

std::vector<FoundReference> found(const Plan& plan, const std::vector<std::size_t>& slots) {
  ReferencePlaces places(plan);
  std::vector<FoundReference> references;
  references.reserve(slots.size());
  for (const std::size_t slot : slots) {
    const Slot& each = plan.slots[slot];
    references.push_back({.reference = each.reference, .place = places.at(each.scalar, each.begin)});
  }
  return references;
}

std::vector<FoundReference> found(const Plan& plan) {
  std::vector<std::size_t> slots(plan.slots.size());
  for (std::size_t slot = 0; slot < slots.size(); ++slot) slots[slot] = slot;
  return found(plan, slots);
}

}  // namespace locket::inline v1::resolver
