#include "listing.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "failure.hpp"

namespace locket::inline v1::vault {
namespace {

using http::Json;

constexpr std::size_t default_limit = 250;
// Folders that are opened at once, and for one page: more only a server has that lists without end.
constexpr std::size_t at_once = 8;
constexpr std::size_t most_folders = 1'000;
// Names that are read before those behind the page's end are dropped: each stands there with its whole path.
constexpr std::size_t some_entries = 4'096;
// Histories that are asked for at once: a server may make each as long as an answer may be.
constexpr std::size_t batch = 16;

bool is_refused(const Error& error) {
  return error.code() == ErrorCode::PermissionDenied;
}

// As Vault's own client asks, and not with its verb LIST, which what stands in between may not know.
Ask contents_of(const Paths& paths, const std::string& folder) {
  return {.path = paths.folder(folder), .query = "list=true", .max_body = long_answer};
}

Error not_listed(Error error, const Ask& ask) {
  if (!is_refused(error)) return error;
  error.details().message = fmt::format("Vault refuses to list {} to this program's token", ask.path);
  error.details().hint = fmt::format(R"(give its policy: path "{}/*" {{ capabilities = ["list"] }})", ask.path);
  return error;
}

}  // namespace

Listing::Listing(Kv& kv, const ListOptions& options, std::function<Result<void>()> check)
    : kv_(kv),
      options_(options),
      check_(std::move(check)),
      limit_(options.limit != 0 ? options.limit : default_limit) {}

Result<Page<SecretInfo>> Listing::run(const Prefix& prefix, const Call& call) {
  entries_.push_back({.text = prefix.text(), .folder = true});
  if (auto good = open_folders(call); !good) return std::move(good).error();
  if (auto good = tell(take(), call); !good) return std::move(good).error();
  if (options_.metadata) {
    if (auto good = add_fields(call); !good) return std::move(good).error();
  }
  return std::move(page_);
}

Result<void> Listing::open_folders(const Call& call) {
  while (opened_ < most_folders) {
    const std::vector<std::size_t> folders = folders_before_end();
    if (folders.empty()) return {};
    if (auto good = check_(); !good) return good;
    if (auto good = open(folders, call); !good) return good;
    opened_ += folders.size();
  }
  return {};
}

std::vector<std::size_t> Listing::folders_before_end() const {
  std::vector<std::size_t> folders;
  std::size_t others = 0;
  for (std::size_t i = 0; i < entries_.size() && others <= limit_ && folders.size() < at_once; ++i) {
    if (entries_[i].folder) {
      folders.push_back(i);
    } else {
      ++others;
    }
  }
  return folders;
}

Result<void> Listing::open(const std::vector<std::size_t>& folders, const Call& call) {
  std::vector<Ask> asks;
  asks.reserve(folders.size());
  for (const std::size_t folder : folders) asks.push_back(contents_of(kv_.paths(), entries_[folder].text));
  share(asks);
  auto answers = kv_.client().send_many(asks, call);
  Entries entries;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const auto answer = kv_.whole(asks[i], std::move(answers[i]), call);
    auto inner = entries_in(entries_[folders[i]].text, asks[i], answer, call);
    if (!inner) return std::move(inner).error();
    std::move(entries_.begin() + static_cast<std::ptrdiff_t>(copied),
              entries_.begin() + static_cast<std::ptrdiff_t>(folders[i]), std::back_inserter(entries));
    std::move(inner->begin(), inner->end(), std::back_inserter(entries));
    copied = folders[i] + 1;
  }
  std::move(entries_.begin() + static_cast<std::ptrdiff_t>(copied), entries_.end(), std::back_inserter(entries));
  entries_ = kept(std::move(entries));
  return {};
}

// What lies behind the page's end is not needed, and may be more than there is memory for. One folder is left at least
// where there were more than may be opened: the next page begins there.
Listing::Entries Listing::kept(Entries entries) const {
  std::size_t count = 0;
  std::size_t folders = 0;
  for (; count < entries.size() && count - folders <= limit_ && folders <= most_folders + at_once; ++count) {
    if (entries[count].folder) ++folders;
  }
  entries.resize(count);
  return entries;
}

Result<Listing::Entries> Listing::entries_in(const std::string& folder, const Ask& ask, const Result<Answer>& answer,
                                             const Call& call) {
  if (!answer) return not_listed(answer.error(), ask);
  const auto nothing = kv_.says_nothing(ask, *answer, call);
  if (!nothing) return nothing.error();
  if (*nothing) return Entries();
  if (answer->status != 200) return kv_.unexpected(ask, *answer, call);
  return read_keys(folder, ask, *answer);
}

// A key is one segment, behind which a slash says that it is a folder; a secret and a folder may have the same name.
Result<Listing::Entries> Listing::read_keys(const std::string& folder, const Ask& ask, const Answer& answer) const {
  const Json::Value keys = answer.root()["data"]["keys"];
  if (!keys.is(Json::Kind::Array)) return malformed(ask, answer.status, "it lists nothing");
  Entries entries;
  std::size_t room = some_entries;
  for (const Json::Value& key : keys.children()) {
    std::string_view segment = key.text();
    const bool is_folder = segment.ends_with('/');
    if (is_folder) segment.remove_suffix(1);
    if (!key.is(Json::Kind::String) || segment.empty() || segment.find('/') != std::string_view::npos) {
      return malformed(ask, answer.status, "a name in it is none");
    }
    const std::string text = folder + std::string(segment);
    const bool addressable = NameView::parse(text).ok();
    Entry entry{.text = is_folder ? text + '/' : text, .folder = is_folder && addressable, .addressable = addressable};
    if (!passed(entry)) entries.push_back(std::move(entry));
    if (entries.size() < room) continue;
    entries = kept(in_order(std::move(entries)));
    room = 2 * entries.size() + some_entries;
  }
  return kept(in_order(std::move(entries)));
}

Listing::Entries Listing::in_order(Entries entries) {
  std::ranges::sort(entries, {}, &Entry::text);
  const auto same = std::ranges::unique(entries, {}, &Entry::text);
  entries.erase(same.begin(), same.end());
  return entries;
}

// Told on an earlier page. A folder has passed only when all that lies in it has.
bool Listing::passed(const Entry& entry) const noexcept {
  const std::string& last = options_.page;
  if (entry.text > last) return false;
  return !entry.folder || !last.starts_with(entry.text);
}

std::vector<Name> Listing::take() {
  std::vector<Name> names;
  std::size_t taken = 0;
  for (; taken < entries_.size() && taken < limit_ && !entries_[taken].folder; ++taken) {
    const Entry& entry = entries_[taken];
    if (!entry.addressable) {
      page_.unaddressable.push_back(printable(entry.text));
    } else if (const auto name = NameView::parse(entry.text)) {
      names.emplace_back(*name);
    }
  }
  if (taken == entries_.size()) return names;
  // Where it stopped at a folder for having opened so many, the next page begins with what lies in it.
  page_.next = entries_[taken].folder ? entries_[taken].text : entries_[taken - 1].text;
  return names;
}

Result<void> Listing::tell(const std::vector<Name>& names, const Call& call) {
  const std::span<const Name> all(names);
  for (std::size_t begin = 0; begin < all.size(); begin += batch) {
    if (auto good = check_(); !good) return good;
    const auto some = all.subspan(begin, std::min(batch, all.size() - begin));
    auto records = kv_.look_up_many(some, call);
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (auto good = add(some[i], std::move(records[i])); !good) return good;
    }
  }
  return {};
}

Result<void> Listing::add(const Name& name, Result<std::optional<Record>> record) {
  const bool name_is_enough = !options_.metadata && !options_.deleted;
  if (!record && is_refused(record.error()) && name_is_enough) {
    page_.items.push_back({.name = name});
    return {};
  }
  if (!record) return std::move(record).error();
  if (!*record || !(*record)->exists()) return {};  // purged since the names were read, or metadata without a value
  if ((*record)->removed() && !options_.deleted) return {};
  SecretInfo info{.name = name, .deleted = (*record)->removed()};
  if (options_.metadata) {
    info.current = version_of((*record)->current);
    info.metadata = metadata_to_list(**record);
  }
  page_.items.push_back(std::move(info));
  return {};
}

Result<void> Listing::add_fields(const Call& call) {
  for (std::size_t begin = 0; begin < page_.items.size(); begin += batch) {
    if (auto good = check_(); !good) return good;
    const std::size_t end = std::min(begin + batch, page_.items.size());
    std::vector<Name> names;
    for (std::size_t i = begin; i < end; ++i) names.push_back(page_.items[i].name);
    auto glimpses = kv_.glimpse_many(names, call);
    for (std::size_t i = begin; i < end; ++i) {
      auto& glimpse = glimpses[i - begin];
      if (!glimpse) return std::move(glimpse).error();
      if (*glimpse) page_.items[i].fields = std::move((*glimpse)->fields);
    }
  }
  return {};
}

}  // namespace locket::inline v1::vault
