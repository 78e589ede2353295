#include "core/arena.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <cstdint>
#include <limits>
#include <mutex>
#include <new>
#include <utility>

#include <locket/wipe.hpp>

#include "core/fork.hpp"
#include "core/pages.hpp"
#include "core/size_classes.hpp"

namespace locket::inline v1::arena {
namespace {

constexpr std::size_t slab_size = 256 << 10;
constexpr std::size_t boundary = slab_size;  // where slabs and big mappings begin: an address gives its slab
constexpr std::size_t lock_step = 32 << 10;  // so much of a slab is locked at once, when blocks there are first used
constexpr std::size_t most_blocks = slab_size / size_classes::alignment;
constexpr std::uint32_t single_block = size_classes::count;  // the "class" of a mapping with one big block

struct State;

// Stands behind the first guard page of a slab. Blocks follow.
struct Slab {
  // Never changed once blocks are handed out: a forked child relies on these.
  State* owner;
  std::uint32_t epoch;
  std::uint32_t size_class;
  std::size_t mapped;
  std::size_t block_size;
  // The rest belongs to the owner's mutex.
  std::uint32_t blocks;  // that fit
  std::uint32_t live;
  std::size_t reached;  // offset up to which locking was tried; beyond nothing was used yet
  std::size_t locked;
  Slab* next;
  Slab* previous;
  std::size_t first_word_with_room;
  std::array<std::uint64_t, most_blocks / 64> used;
};

constexpr std::size_t header_size = size_classes::round_up(sizeof(Slab), 64);

struct Shelf {
  Slab* open;   // slabs with blocks in use and room for more
  Slab* spare;  // one empty slab, so that a value that comes and goes does not map and unmap each time
};

struct State {
  std::atomic<std::uint32_t> epoch;  // 0: not used yet; set before the mutex is first locked
  std::mutex mutex;
  std::array<Shelf, size_classes::count> shelves;
  Statistics totals;
};

// Static, so that it goes with the library; only states of forked children are mapped, one page each, and
// stay.
constinit State first_state = {};
constinit std::atomic<State*> current{&first_state};
constinit std::atomic<bool> unloading{false};

State& adopt(State* seen, std::uint32_t epoch) {
  std::uint32_t unused = 0;
  if (seen->epoch.compare_exchange_strong(unused, epoch) || unused == epoch) return *seen;
  // Inherited: its mutex may be locked by a thread that does not exist in this process.
  std::size_t size = size_classes::round_up(sizeof(State), pages::page_size());
  void* page = pages::map(size);
  if (page == nullptr) throw std::bad_alloc();
  auto* fresh = ::new (page) State{};
  fresh->epoch.store(epoch, std::memory_order_relaxed);
  if (current.compare_exchange_strong(seen, fresh)) return *fresh;
  pages::unmap(page, size);
  return *seen;
}

State& state() {
  State* seen = current.load(std::memory_order_acquire);
  std::uint32_t epoch = process_epoch();
  if (seen->epoch.load(std::memory_order_relaxed) == epoch) return *seen;
  return adopt(seen, epoch);
}

std::byte* base_of(void* block) noexcept {
  return static_cast<std::byte*>(block) - reinterpret_cast<std::uintptr_t>(block) % boundary;
}

Slab& slab_of(void* block) noexcept {
  return *reinterpret_cast<Slab*>(base_of(block) + pages::page_size());
}

std::byte* first_block(Slab& slab) noexcept {
  return reinterpret_cast<std::byte*>(&slab) + header_size;
}

std::size_t usable() noexcept {
  return slab_size - 2 * pages::page_size() - header_size;
}

void link(Slab*& list, Slab& slab) noexcept {
  slab.previous = nullptr;
  slab.next = list;
  if (list != nullptr) list->previous = &slab;
  list = &slab;
}

void unlink(Slab*& list, Slab& slab) noexcept {
  (slab.previous == nullptr ? list : slab.previous->next) = slab.next;
  if (slab.next != nullptr) slab.next->previous = slab.previous;
}

Slab& map_slab(State& owner, std::uint32_t size_class, std::size_t mapped, std::size_t block_size) {
  std::byte* base = pages::map_guarded(mapped, boundary);
  if (base == nullptr) throw std::bad_alloc();
  auto& slab = *reinterpret_cast<Slab*>(base + pages::page_size());  // zeroed by the system
  slab.owner = &owner;
  slab.epoch = owner.epoch.load(std::memory_order_relaxed);
  slab.size_class = size_class;
  slab.mapped = mapped;
  slab.block_size = block_size;
  slab.blocks = size_class == single_block ? 1 : static_cast<std::uint32_t>(usable() / block_size);
  slab.reached = pages::page_size();
  return slab;
}

void unmap_slab(Slab& slab) noexcept {
  pages::unmap(base_of(&slab), slab.mapped);
}

void count_in(Statistics& totals, const Slab& slab) noexcept {
  totals.slabs += 1;
  totals.mapped += slab.mapped;
}

void count_out(Statistics& totals, const Slab& slab) noexcept {
  totals.slabs -= 1;
  totals.mapped -= slab.mapped;
  totals.locked -= slab.locked;
}

// Locks the pages of a slab up to the end of a block; a slab of which little is used costs little of the
// limit.
void lock_until(State& owner, Slab& slab, std::byte* end) noexcept {
  auto needed = static_cast<std::size_t>(end - base_of(&slab));
  if (needed <= slab.reached) return;
  std::size_t step = std::max(lock_step, pages::page_size());
  std::size_t until = std::min(size_classes::round_up(needed, step), slab.mapped - pages::page_size());
  std::size_t more = until - slab.reached;
  if (pages::lock(base_of(&slab) + slab.reached, more)) {  // refused is no error: the limit is often small
    slab.locked += more;
    owner.totals.locked += more;
  }
  slab.reached = until;
}

Slab& slab_with_room(State& owner, unsigned size_class) {
  Shelf& shelf = owner.shelves[size_class];
  if (shelf.open != nullptr) return *shelf.open;
  Slab* slab = shelf.spare;
  if (slab == nullptr) {
    slab = &map_slab(owner, size_class, slab_size, size_classes::block_size(size_class, usable()));
    count_in(owner.totals, *slab);
  }
  shelf.spare = nullptr;
  link(shelf.open, *slab);
  return *slab;
}

// The lowest free block, so that the pages in use stay few.
std::byte* take_block(State& owner, Slab& slab) noexcept {
  std::size_t word = slab.first_word_with_room;
  while (~slab.used[word] == 0) ++word;
  auto bit = static_cast<unsigned>(std::countr_one(slab.used[word]));
  slab.used[word] |= std::uint64_t{1} << bit;
  slab.first_word_with_room = word;
  if (++slab.live == slab.blocks) unlink(owner.shelves[slab.size_class].open, slab);
  owner.totals.in_use += slab.block_size;
  std::byte* block = first_block(slab) + (word * 64 + bit) * slab.block_size;
  lock_until(owner, slab, block + slab.block_size);
  return block;
}

// Returns the slab if it is to be unmapped.
Slab* put_block(State& owner, Slab& slab, std::size_t index) noexcept {
  std::uint64_t bit = std::uint64_t{1} << index % 64;
  assert((slab.used[index / 64] & bit) != 0 && "released twice");
  slab.used[index / 64] &= ~bit;
  slab.first_word_with_room = std::min(slab.first_word_with_room, index / 64);
  owner.totals.in_use -= slab.block_size;
  Shelf& shelf = owner.shelves[slab.size_class];
  if (slab.live-- == slab.blocks) link(shelf.open, slab);
  if (slab.live != 0) return nullptr;
  unlink(shelf.open, slab);
  if (shelf.spare == nullptr && !unloading.load(std::memory_order_relaxed)) {
    shelf.spare = &slab;
    return nullptr;
  }
  count_out(owner.totals, slab);
  return &slab;
}

std::size_t single_size(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::size_t>::max() / 4) throw std::bad_alloc();
  return size_classes::round_up(header_size + bytes, pages::page_size());
}

void* allocate_single(State& owner, std::size_t bytes) {
  std::size_t data = single_size(bytes);
  Slab& slab = map_slab(owner, single_block, data + 2 * pages::page_size(), data - header_size);
  slab.locked = pages::lock(&slab, data) ? data : 0;
  std::lock_guard lock(owner.mutex);
  count_in(owner.totals, slab);
  owner.totals.locked += slab.locked;
  owner.totals.in_use += slab.block_size;
  return first_block(slab);
}

void release_single(Slab& slab) noexcept {
  {
    State& owner = *slab.owner;
    std::lock_guard lock(owner.mutex);
    count_out(owner.totals, slab);
    owner.totals.in_use -= slab.block_size;
  }
  unmap_slab(slab);
}

void release_shared(Slab& slab, void* block) noexcept {
  auto offset = static_cast<std::uint32_t>(static_cast<std::byte*>(block) - first_block(slab));
  auto size = static_cast<std::uint32_t>(slab.block_size);
  assert(offset % size == 0);
  State& owner = *slab.owner;
  Slab* empty = nullptr;
  {
    std::lock_guard lock(owner.mutex);
    empty = put_block(owner, slab, offset / size);
  }
  if (empty != nullptr) unmap_slab(*empty);
}

// When the library is unloaded or the process exits. Values in other static objects may be released later
// still: their slabs are then unmapped as soon as they are empty.
struct Unloader {
  constexpr Unloader() = default;
  Unloader(const Unloader&) = delete;
  Unloader& operator=(const Unloader&) = delete;
  ~Unloader() {
    State& last = *current.load();
    unloading.store(true);
    if (last.epoch.load() != process_epoch()) return;  // inherited or never used
    std::lock_guard lock(last.mutex);
    for (Shelf& shelf : last.shelves) {
      if (shelf.spare == nullptr) continue;
      count_out(last.totals, *shelf.spare);
      unmap_slab(*std::exchange(shelf.spare, nullptr));
    }
  }
};
constinit const Unloader unloader;

}  // namespace

void* allocate(std::size_t bytes) {
  assert(bytes != 0);
  State& owner = state();
  if (bytes > usable()) return allocate_single(owner, bytes);
  unsigned size_class = size_classes::class_of(bytes, usable());
  std::lock_guard lock(owner.mutex);
  return take_block(owner, slab_with_room(owner, size_class));
}

void release(void* block, [[maybe_unused]] std::size_t bytes) noexcept {
  Slab& slab = slab_of(block);
  assert(bytes <= slab.block_size);
  wipe(block, slab.block_size);
  bool single = slab.size_class == single_block;
  if (slab.epoch != process_epoch()) {
    if (single) unmap_slab(slab);
    return;
  }
  if (single) {
    release_single(slab);
  } else {
    release_shared(slab, block);
  }
}

std::size_t rounded(std::size_t bytes) {
  if (bytes > usable()) return single_size(bytes) - header_size;
  return size_classes::block_size(size_classes::class_of(bytes, usable()), usable());
}

Statistics statistics() {
  State& owner = state();
  std::lock_guard lock(owner.mutex);
  return owner.totals;
}

}  // namespace locket::inline v1::arena
