#include "unit/resolver/case_run.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>
#include <locket/decorators/forwarding_store.hpp>

namespace locket_test {
namespace {

using locket::ErrorCode;

// Answers some names with an error, as a service would.
class RefusingStore final : public locket::ForwardingStore {
 public:
  explicit RefusingStore(std::shared_ptr<SecretStore> inner) : ForwardingStore(std::move(inner)) {}

  void refuse(const std::string& name, ErrorCode code) { refused_[name] = code; }

 protected:
  locket::Result<locket::Secret> do_get(locket::NameView name, const locket::GetOptions& options,
                                        const locket::Call& call) override {
    const auto found = refused_.find(name.text());
    if (found == refused_.end()) return ForwardingStore::do_get(name, options, call);
    return locket::Error({.code = found->second, .message = "the store says so"});
  }
  std::vector<locket::Result<locket::Secret>> do_get_many(std::span<const locket::GetRequest> requests,
                                                          const locket::Call& call) override {
    return SecretStore::do_get_many(requests, call);
  }

 private:
  std::map<std::string, ErrorCode, std::less<>> refused_;
};

ErrorCode code_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
    if (to_string(static_cast<ErrorCode>(i)) == name) return static_cast<ErrorCode>(i);
  }
  throw std::runtime_error("no kind of error: " + std::string(name));
}

void require(bool good, const CaseSecret& secret) {
  if (!good) throw std::runtime_error("the case's secret cannot be put: " + secret.name);
}

void put(RefusingStore& store, const CaseSecret& secret) {
  using locket::SecretData;
  if (secret.kind == "fields") {
    auto data = SecretData::json_object(locket::SecretValue(secret.value));
    return require(data && store.put(secret.name, *data), secret);
  }
  if (secret.kind == "secret") return require(store.put(secret.name, SecretData::bytes(secret.value)).ok(), secret);
  if (secret.kind == "deleted") {
    return require(store.put(secret.name, SecretData::bytes("x")) && store.remove(secret.name), secret);
  }
  if (secret.kind == "expired") {
    locket::MetadataPatch patch;
    patch.expires = locket::Clock::Wall(std::chrono::seconds(1));
    return require(store.put(secret.name, SecretData::bytes("x"), {.metadata = patch}).ok(), secret);
  }
  store.refuse(secret.name, code_named(secret.kind));
}

}  // namespace

locket::Resolver resolver_of(const Case& each, locket::ResolverOptions options) {
  std::map<std::string, std::shared_ptr<RefusingStore>> stores;
  const auto store_of = [&](const std::string& alias) {
    auto& store = stores[alias];
    if (!store) store = std::make_shared<RefusingStore>(*locket::memory::open());
    return store;
  };
  store_of("");
  for (const CaseSecret& secret : each.secrets) put(*store_of(secret.alias), secret);
  for (const auto& [alias, store] : stores) {
    if (!alias.empty()) options.aliases[alias] = store;
  }
  options.environment = each.environment;
  if (each.braces) options.delimiters = locket::Delimiters::AngleAndBraces;
  return *locket::Resolver::create(stores[""], std::move(options));
}

std::string told(const locket::Error& error) {
  if (error.causes().empty()) {
    std::string text = error.place() ? error.place()->to_string() + ": " : "";
    text += std::string(to_string(error.code())) + ' ' + error.message();
    return pictured(error.hint().empty() ? text : text + " | " + error.hint()) + '\n';
  }
  std::string text;
  for (const locket::Error& cause : error.causes()) text += told(cause);
  return text;
}

std::string outcome_of(const Case& each, const locket::resolver::Format& format) {
  auto resolved = resolver_of(each).resolve_document(each.input, format);
  return resolved ? std::string(resolved->expose()) : told(resolved.error());
}

std::size_t run_cases(const std::string& folder, const Formats& formats) {
  std::size_t count = 0;
  for (const Case& each : read_cases(folder)) {
    const auto format = formats.find(each.format);
    if (format == formats.end()) continue;
    ++count;
    INFO(each.file << ':' << each.line << ": " << each.title);
    CHECK(pictured(outcome_of(each, *format->second)) == pictured(each.expected));
  }
  return count;
}

}  // namespace locket_test
