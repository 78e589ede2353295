#include "core/fork.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>

#include <pthread.h>
#include <sys/mman.h>

#include "core/pages.hpp"

namespace locket::inline v1 {
namespace {

// A page of its own for one word, cut out of zero-initialized storage instead of mapped: so it goes with the
// library when that is unloaded, however late static destructors ask for the epoch. Only the page with the
// word is touched.
constexpr std::size_t largest_page = 65536;
constinit std::array<std::atomic<std::uint32_t>, 2 * largest_page / sizeof(std::atomic<std::uint32_t>)> words = {};

// The last number that was given out; ordinary memory, so that a child continues its parent's sequence.
constinit std::atomic<std::uint32_t> last{0};

std::atomic<std::uint32_t>& word() noexcept {
  auto to_boundary = -reinterpret_cast<std::uintptr_t>(words.data()) % largest_page;
  return words[to_boundary / sizeof words[0]];
}

bool wiped_by_kernel() noexcept {
#if defined(MADV_WIPEONFORK) && !defined(LOCKET_FORK_BY_HANDLER)
  std::size_t size = pages::page_size();
  return size <= largest_page && ::madvise(&word(), size, MADV_WIPEONFORK) == 0;
#else
  return false;
#endif
}

void wipe_by_handler() noexcept {
  static constinit std::atomic<bool> registered{false};  // inherited by children, as the handler is
  if (registered.load()) return;
  // Two threads may both come here: the word is then zeroed twice. Without a handler (out of memory) a child
  // could not be told from its parent: two processes would use the same nonces and connections.
  if (::pthread_atfork(nullptr, nullptr, [] { word().store(0); }) != 0) std::abort();
  registered.store(true);
}

std::uint32_t begin_epoch() noexcept {
  // First the watch, then the number, then the word: a fork between any two of them makes no number twice.
  if (!wiped_by_kernel()) wipe_by_handler();
  std::uint32_t fresh = last.fetch_add(1) + 1;
  std::uint32_t current = 0;
  return word().compare_exchange_strong(current, fresh) ? fresh : current;
}

}  // namespace

std::uint32_t process_epoch() noexcept {
  std::uint32_t epoch = word().load(std::memory_order_relaxed);
  return epoch != 0 ? epoch : begin_epoch();
}

}  // namespace locket::inline v1
