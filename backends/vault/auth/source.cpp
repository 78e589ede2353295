#include <utility>

#include "../failure.hpp"
#include "../token_life.hpp"
#include "method.hpp"

namespace locket::inline v1::vault {

TokenSource::~TokenSource() = default;

namespace {

class SourceMethod final : public Method {
 public:
  explicit SourceMethod(std::shared_ptr<TokenSource> source) : source_(std::move(source)) {}

  Result<Granted> login(Server&, const Call& call) override {
    auto token = source_->fetch(call);
    if (!token) return std::move(token).error();
    Granted granted{.token = std::move(token->text), .renewable = token->renewable, .uses = token->uses};
    if (token->lifetime) granted.lifetime = clamped(*token->lifetime);
    return granted;
  }

 private:
  const std::shared_ptr<TokenSource> source_;
};

}  // namespace

Result<std::unique_ptr<Method>> method_for(const std::shared_ptr<TokenSource>& login) {
  if (!login) return invalid_option("the token source is null");
  return std::make_unique<SourceMethod>(login);
}

}  // namespace locket::inline v1::vault
