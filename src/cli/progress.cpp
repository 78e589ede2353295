#include "progress.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

#include "terminal.hpp"

namespace locket::cli {
namespace {

constexpr std::size_t bar_width = 30;
constexpr std::chrono::milliseconds redraw{50};
constexpr std::chrono::seconds retell{1};

std::string bar(std::uint64_t done, std::uint64_t total) {
  const std::size_t filled =
      total == 0 ? bar_width : static_cast<std::size_t>(bar_width * std::min(done, total) / total);
  return std::string(filled, '#') + std::string(bar_width - filled, '.');
}

}  // namespace

Progress::Progress(const Output& output, std::string what)
    : quiet_(output.quiet), terminal_(is_terminal(STDERR_FILENO)), what_(std::move(what)), last_(Steady::now()) {}

Progress::~Progress() {
  if (shown_ && terminal_) Output::raw("\r\x1b[K");
}

void Progress::at(std::uint64_t done, std::uint64_t total) {
  const auto now = Steady::now();
  if (quiet_ || now - last_ < (terminal_ ? redraw : std::chrono::milliseconds(retell))) return;
  last_ = now;
  shown_ = true;
  Output::raw(terminal_ ? fmt::format("\r{} [{}] {} of {}\x1b[K", what_, bar(done, total), done, total)
                        : fmt::format("{}: {} of {}\n", what_, done, total));
}

}  // namespace locket::cli
