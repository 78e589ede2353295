#include <locket/random.hpp>

#include <array>
#include <cerrno>
#include <new>

#include <sys/random.h>

namespace locket::inline v1 {
namespace {

class SystemRandom final : public RandomSource {
 public:
  Result<void> fill(std::span<std::byte> out) override {
    while (!out.empty()) {
      const auto got = ::getrandom(out.data(), out.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        return Error({.code = ErrorCode::Internal,
                      .reason = "random.failed",
                      .message = "the kernel gave no random bytes",
                      .hint = "check that getrandom(2) is allowed in this sandbox"});
      }
      out = out.subspan(static_cast<std::size_t>(got));
    }
    return {};
  }
};

}  // namespace

RandomSource::~RandomSource() = default;

// Never destroyed, as system_clock().
const std::shared_ptr<RandomSource>& system_random() {
  alignas(SystemRandom) static std::array<std::byte, sizeof(SystemRandom)> place;
  alignas(std::shared_ptr<RandomSource>) static std::array<std::byte, sizeof(std::shared_ptr<RandomSource>)> handle;
  static const auto* const random =
      ::new (handle.data()) std::shared_ptr<RandomSource>(std::shared_ptr<void>(), ::new (place.data()) SystemRandom);
  return *random;
}

namespace {

[[maybe_unused]] const auto& at_load = system_random();

}  // namespace

}  // namespace locket::inline v1
