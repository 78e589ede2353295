#include "file.hpp"

#include <utility>

#include "core/read_to_end.hpp"

namespace locket::inline v1::dir {

Outcome<SecretValue> read_file(const Descriptor& file, const Identity& expected, std::uint64_t limit) {
  const auto before = status_of(file.get());
  if (!before) return before.failed();
  if (kind_of(*before) != Kind::File) return Failed{ENXIO};
  const Identity identity = identity_of(*before);
  if (identity != expected) return Failed{EAGAIN};
  if (identity.size > limit) return Failed{EFBIG};
  SecretBuffer contents;
  if (const int failed = read_to_end(file.get(), identity.size, limit, contents)) return Failed{failed};
  const auto after = status_of(file.get());
  if (!after) return after.failed();
  if (identity_of(*after) != identity) return Failed{EAGAIN};
  return std::move(contents).finish();
}

}  // namespace locket::inline v1::dir
