#include "dotenv.hpp"

#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "dotenv/reader.hpp"

namespace locket::inline v1::env {
namespace {

Error syntax_error(const dotenv::Reading& reading, std::string_view file) {
  std::string message;
  for (const dotenv::Fault& fault : reading.faults) {
    if (!message.empty()) message += "; ";
    message += fmt::format("{}:{}:{}: {}", file, fault.line, fault.column, fault.what);
  }
  const std::size_t untold = reading.fault_count - reading.faults.size();
  if (untold > 0) message += fmt::format("; and {} more", untold);
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "dotenv.syntax",
                .message = std::move(message),
                .hint = std::string(reading.hint)});
}

}  // namespace

Result<std::vector<DotenvEntry>> parse_dotenv(std::string_view text, std::string_view file) {
  dotenv::Reading reading = dotenv::read(text);
  if (reading.fault_count > 0) return syntax_error(reading, file);
  std::vector<DotenvEntry> entries;
  std::unordered_map<std::string, std::size_t> places;
  for (dotenv::Assignment& each : reading.assignments) {
    const auto [known, added] = places.try_emplace(each.variable, entries.size());
    if (added) entries.emplace_back();
    entries[known->second] = {.variable = std::move(each.variable), .value = std::move(each.value), .line = each.line};
  }
  return entries;
}

}  // namespace locket::inline v1::env
