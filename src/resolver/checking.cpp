#include "resolver/checking.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "resolver/reading.hpp"

namespace locket::inline v1::resolver {
namespace {

// Each secret is asked for once.
class Checker {
 public:
  Checker(Plan& plan, const Binding& binding, const Call& call) : plan_(plan), binding_(binding), call_(call) {}

  std::vector<std::size_t> run() {
    Reading reading;
    reading.values.resize(plan_.slots.size());
    for (const auto& [store, slots] : by_store(binding_)) {
      if (store->capabilities().stat_without_value) {
        for (const std::size_t slot : slots) look_at(slot);
      } else {
        read(plan_, binding_, *store, slots, call_, reading);  // stat would read the values too, and look at less
      }
    }
    return std::move(unproven_);
  }

 private:
  using Key = std::pair<SecretStore*, std::string>;

  void look_at(std::size_t slot) {
    const Result<SecretInfo>& info = info_of(slot);
    if (!info) return fail(slot, info.error());
    if (auto ended = end_of(*info, slot)) return plan_.add_problem(slot, std::move(*ended));
    look_at_field(slot, *info);
  }

  const Result<SecretInfo>& info_of(std::size_t slot) {
    const Bound& bound = binding_.slots[slot];
    const Which& which = plan_.slots[slot].reference.which;
    const Key key{bound.store, fmt::format("{} {} {}", bound.name->text(), which.index(), text_of(which))};
    if (const auto known = infos_.find(key); known != infos_.end()) return known->second;
    return infos_.try_emplace(key, bound.store->stat(*bound.name, {.which = which}, call_)).first->second;
  }

  static std::string text_of(const Which& which) {
    if (const auto* version = std::get_if<Version>(&which)) return version->text();
    const auto* stage = std::get_if<Stage>(&which);
    return stage == nullptr ? "" : stage->label;
  }

  // `stat` tells what `get` would refuse.
  std::optional<ErrorDetails> end_of(const SecretInfo& info, std::size_t slot) const {
    const std::string name = info.name.text();
    if (info.deleted) {
      return ErrorDetails{.code = ErrorCode::Deleted,
                          .message = fmt::format("the secret '{}' is deleted", name),
                          .hint = "undelete it, or put it anew",
                          .name = name};
    }
    const StoreSettings& settings = binding_.slots[slot].store->settings();
    const bool expired = info.metadata && info.metadata->expires && *info.metadata->expires <= settings.clock->now();
    if (!expired || !settings.enforce_expiry) return std::nullopt;
    return ErrorDetails{.code = ErrorCode::Expired,
                        .message = fmt::format("the secret '{}' has expired", name),
                        .hint = "rotate it, or give it another expiry",
                        .name = name};
  }

  void look_at_field(std::size_t slot, const SecretInfo& info) {
    const std::string& field = plan_.slots[slot].reference.field;
    if (field.empty()) return;
    if (!info.fields) return unproven_.push_back(slot);
    if (!field.starts_with('/')) {
      if (std::ranges::find(*info.fields, field) == info.fields->end())
        miss(slot, no_field(field, *info.fields), false);
      return;
    }
    const std::string first = outermost(field);
    const bool there = std::ranges::find(*info.fields, first) != info.fields->end();
    if (!there) return miss(slot, no_field(field, *info.fields), false);
    if (field.find('/', 1) != std::string::npos) unproven_.push_back(slot);
  }

  // The first key of a JSON pointer.
  static std::string outermost(std::string_view pointer) {
    const std::string_view token = pointer.substr(1, pointer.find('/', 1) - 1);
    std::string key;
    for (std::size_t at = 0; at < token.size(); ++at) {
      if (token[at] == '~') {
        key += token[++at] == '0' ? '~' : '/';
      } else {
        key += token[at];
      }
    }
    return key;
  }

  void fail(std::size_t slot, const Error& error) {
    if (error.code() == ErrorCode::NotFound) return miss(slot, error.details(), true);
    plan_.add_problem(slot, error.details());
  }

  void miss(std::size_t slot, ErrorDetails details, bool no_such_secret) {
    const Reference& reference = plan_.slots[slot].reference;
    if (!reference.optional && !reference.fallback) plan_.add_problem(slot, std::move(details), no_such_secret);
  }

  Plan& plan_;
  const Binding& binding_;
  const Call& call_;
  std::map<Key, Result<SecretInfo>> infos_;
  std::vector<std::size_t> unproven_;
};

}  // namespace

std::vector<std::size_t> look_up(Plan& plan, const Binding& binding, const Call& call) {
  auto unproven = Checker(plan, binding, call).run();
  std::ranges::sort(unproven);
  return unproven;
}

}  // namespace locket::inline v1::resolver
