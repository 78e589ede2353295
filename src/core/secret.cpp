#include <locket/secret.hpp>

#include <algorithm>
#include <atomic>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "json_fields.hpp"
#include "printable.hpp"

namespace locket::inline v1 {
namespace {

constexpr std::size_t max_fields_told = 20;
// Not a static of the function that returns it, whose guard a child might find locked by a thread that was not forked.
const Metadata no_metadata;

}  // namespace

// One allocation for what every secret has; metadata and parsed fields only where there are any, since an application
// may keep thousands of small secrets in a cache.
struct Secret::Content {
  Content(SecretData d, std::optional<Version> v) : data(std::move(d)), version(std::move(v)) {}
  ~Content() { delete fields.load(std::memory_order_relaxed); }
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;

  SecretData data;
  std::optional<Version> version;
  std::unique_ptr<const Metadata> metadata;
  // Published once by whoever parses first. No lock: a child forked while another thread parses must not wait for it.
  mutable std::atomic<const std::vector<Field>*> fields = nullptr;

  Result<const std::vector<Field>*> parsed() const;
};

Result<const std::vector<Field>*> Secret::Content::parsed() const {
  if (const auto* known = fields.load(std::memory_order_acquire)) return known;
  auto parsed = parse_fields(data.encoded().expose());
  if (!parsed) return std::move(parsed).error();
  auto mine = std::make_unique<const std::vector<Field>>(std::move(*parsed));
  const std::vector<Field>* published = nullptr;
  if (!fields.compare_exchange_strong(published, mine.get(), std::memory_order_acq_rel)) return published;
  return mine.release();
}

Secret::Secret(SecretData data, std::optional<Version> version, Metadata metadata) {
  auto content = std::make_shared<Content>(std::move(data), std::move(version));
  if (metadata != Metadata()) content->metadata = std::make_unique<const Metadata>(std::move(metadata));
  content_ = std::move(content);
}

const SecretValue& Secret::value() const noexcept {
  return content_->data.encoded();
}
SecretData::Kind Secret::kind() const noexcept {
  return content_->data.kind();
}
const std::optional<Version>& Secret::version() const noexcept {
  return content_->version;
}

const Metadata& Secret::metadata() const noexcept {
  return content_->metadata ? *content_->metadata : no_metadata;
}

Result<std::vector<std::string>> Secret::field_names() const {
  auto fields = content_->parsed();
  if (!fields) return std::move(fields).error();
  std::vector<std::string> names;
  names.reserve((*fields)->size());
  for (const Field& field : **fields) names.push_back(field.name);
  return names;
}

Result<SecretValue> Secret::field(std::string_view name) const {
  auto fields = content_->parsed();
  if (!fields) return std::move(fields).error();
  const auto found =
      std::find_if((*fields)->begin(), (*fields)->end(), [&](const Field& field) { return field.name == name; });
  if (found != (*fields)->end()) return found->value.clone();
  return Error({.code = ErrorCode::NotFound,
                .reason = "secret.no_field",
                .message = fmt::format("the secret has no field '{}'", printable(name)),
                .hint = known_fields()});
}

// Of bytes that happen to be a JSON object the members' names are a part of the value, and are not told.
std::string Secret::known_fields() const {
  if (kind() != SecretData::Kind::Fields) return "read the whole value to see which there are";
  auto names = field_names();
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(names->size(), max_fields_told); ++i) shown.push_back(printable((*names)[i]));
  if (names->size() > shown.size()) shown.emplace_back("...");
  return fmt::format("its fields are: {}", fmt::join(shown, ", "));
}

Secret Secret::delivered(Delivery delivery) const {
  Secret copy = *this;
  copy.delivery_ = delivery;
  return copy;
}

std::ostream& operator<<(std::ostream& out, const Secret&) {
  return out << "***";
}

}  // namespace locket::inline v1
