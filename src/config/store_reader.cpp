#include "config/store_reader.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <locket/registry.hpp>
#include <locket/suggest.hpp>

#include "config/credential.hpp"
#include "config/type.hpp"

namespace locket::inline v1::config {
namespace {

// RFC 3986, 3.4: what a query may hold as it is, without what separates options and '+', which some read as a blank.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:@,";
  std::string encoded;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

class StoreReader {
 public:
  StoreReader(const LoadOptions& options, Problems& problems) : options_(options), problems_(problems) {}

  std::string run(const Member& store, const Where& above) {
    const Where where = above.value(store);
    if (!is_table(store.value, where, problems_)) return {};
    const auto members = unique_members(store.value, where, problems_);
    const auto url = std::ranges::find(members, "url", &Member::key);
    if (url == members.end()) {
      missing_url(above.key(store), store, members);
    } else {
      read_url(**url, where);
    }
    for (const Member* member : members) {
      if (member->key != "url") option(*member, where);
    }
    return std::move(url_);
  }

 private:
  void missing_url(const Where& where, const Member& store, const std::vector<const Member*>& members) {
    const std::vector<std::string> wanted{"url"};
    const auto meant =
        std::ranges::find_if(members, [&](const Member* it) { return suggest(it->key, wanted).has_value(); });
    problems_.add(where, "config.url", fmt::format("the store {} has no url", quoted(store.key)),
                  meant == members.end() ? "add one, such as url = \"local:\""
                                         : fmt::format("did you mean 'url' by {}?", quoted((*meant)->key)));
  }

  void read_url(const Member& member, const Where& above) {
    const Where where = above.value(member);
    if (!is_text(member.value, where, problems_)) return;
    auto parsed = StoreUrl::parse(member.value.text);
    if (!parsed) {
      problems_.add(where, "config.url", std::move(parsed).error());
      return;
    }
    url_ = member.value.text;
    parsed_ = std::move(*parsed);
    if (!check_scheme(where)) return;
    for (const auto& [name, value] : parsed_->options()) check_option(name, value, where);
  }

  // Without a registry, or with one that need not know it, the scheme's options are not known either.
  bool check_scheme(const Where& where) {
    if (options_.registry == nullptr) return true;
    if (auto known = options_.registry->check(parsed_->scheme() + ':'); !known) {
      if (options_.schemes_must_be_known) problems_.add(where, "config.url", std::move(known).error());
      knows_options_ = false;
      return !options_.schemes_must_be_known;
    }
    knows_options_ = true;
    return true;
  }

  void option(const Member& member, const Where& above) {
    if (!is_scalar(member.value, above.value(member), problems_)) return;
    const Where where = above.key(member);
    if (parsed_ && parsed_->options().contains(member.key)) {
      problems_.add(where, "config.duplicate", fmt::format("the option {} is in the URL already", quoted(member.key)),
                    "leave one of them");
      return;
    }
    if (!check_option(member.key, member.value.text, where)) return;
    if (!url_.ends_with('?')) url_ += url_.find('?') == std::string::npos ? '?' : '&';
    url_ += member.key + '=' + percent_encoded(member.value.text);
  }

  // Each by itself, so that all that are wrong are told.
  bool check_option(const std::string& name, std::string_view value, const Where& where) {
    if (sounds_like_credential(name)) {
      problems_.add(where, "config.credential", fmt::format("{} holds a credential", quoted(name)),
                    std::string(credential_hint));
      return false;
    }
    auto good = check(name, value);
    if (good) return true;
    problems_.add(where, "config.option", std::move(good).error());
    return false;
  }

  Result<void> check(const std::string& name, std::string_view value) const {
    const std::string url = fmt::format("{}:?{}={}", parsed_ ? parsed_->scheme() : "x", name, percent_encoded(value));
    auto parsed = StoreUrl::parse(url);
    if (!parsed) return std::move(parsed).error();
    if (!parsed->text(name)) {
      return Error({.code = ErrorCode::InvalidArgument,
                    .message = fmt::format("{} is no option of a URL", quoted(name)),
                    .hint = "options are letters, digits, '-' and '_'"});
    }
    return knows_options_ ? options_.registry->check(url) : Result<void>();
  }

  const LoadOptions& options_;
  Problems& problems_;
  std::optional<StoreUrl> parsed_;
  bool knows_options_ = false;
  std::string url_;
};

}  // namespace

std::string read_store(const Member& member, const Where& above, const LoadOptions& options, Problems& problems) {
  return StoreReader(options, problems).run(member, above);
}

}  // namespace locket::inline v1::config
