#include <locket/random.hpp>

#include <cerrno>

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

const std::shared_ptr<RandomSource>& system_random() {
  static const std::shared_ptr<RandomSource> random = std::make_shared<SystemRandom>();
  return random;
}

}  // namespace locket::inline v1
