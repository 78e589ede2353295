#include "listing.hpp"

#include <algorithm>
#include <utility>

#include <locket/name.hpp>

#include "failure.hpp"

namespace locket::inline v1::dir {
namespace {

constexpr std::size_t default_limit = 1000;

// A folder's name with the slash that all names below it have, so that the byte order of a folder's entries is that of
// the whole listing: "a-b" comes before "a/x", "a0" after it.
std::string key_of(const Listed& listed) {
  return listed.kind == Kind::Folder ? listed.name + '/' : listed.name;
}

bool refused(int error) {
  return error == EXDEV || error == ELOOP || error == EACCES;
}

bool absent(int error) {
  return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
}

bool addressable(std::string_view key) {
  if (key.ends_with('/')) key.remove_suffix(1);
  return NameView::parse(key).ok();
}

}  // namespace

Listing::Listing(Tree& tree, const ListOptions& options, const Stopped& stopped)
    : tree_(tree), options_(options), stopped_(stopped), limit_(options.limit == 0 ? default_limit : options.limit) {}

Outcome<Page<SecretInfo>> Listing::run(const std::string& prefix) {
  const auto folder = start(prefix);
  if (!folder && absent(folder.error())) return Page<SecretInfo>{};  // an empty folder has no name in other stores
  if (!folder) return folder.failed();
  asked_ = prefix;
  // What the walk has seen and then misses was replaced meanwhile.
  if (const int error = walk(*folder, prefix); error != 0) return Failed{absent(error) ? EAGAIN : error, where_};
  return std::move(page_);
}

Outcome<View> Listing::start(const std::string& prefix) {
  if (prefix.empty()) return tree_.top();
  const auto folder = tree_.locate(std::string_view(prefix).substr(0, prefix.size() - 1));
  if (!folder) return folder.failed();
  return tree_.enter(*folder);
}

int Listing::walk(const View& folder, const std::string& prefix) {
  auto names = tree_.names(folder);
  if (!names) return names.error();
  std::vector<std::pair<std::string, Listed>> entries;
  for (Listed& listed : *names) entries.emplace_back(prefix + key_of(listed), std::move(listed));
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [key, listed] : entries) {
    if (stopped_()) return ECANCELED;
    if (passed(key)) continue;
    if (const int error = visit(folder, key, listed); error != 0) {
      if (where_.empty()) where_ = key.substr(asked_.size());
      return error;
    }
    if (!page_.next.empty()) break;
  }
  return 0;
}

int Listing::visit(const View& folder, const std::string& key, const Listed& listed) {
  if (addressable(key))
    return listed.kind == Kind::Folder ? descend(folder, key, listed) : add_file(folder, key, listed);
  if (!full()) page_.unaddressable.push_back(printable(key));
  return 0;
}

int Listing::descend(const View& folder, const std::string& key, const Listed& listed) {
  const auto entry = tree_.find(folder, listed.name);
  if (!entry) return entry.error() == ENOENT ? 0 : entry.error();
  const auto held = tree_.held();
  const auto inner = tree_.enter(*entry);
  if (!inner) return inner.error() == ENOTDIR ? EAGAIN : inner.error();
  if (const int error = walk(*inner, key); error != 0) return error;
  return tree_.settle(held) ? 0 : EAGAIN;
}

// A file is listed whatever reading it would say, and so is a link that may not be followed, but without metadata.
int Listing::add_file(const View& folder, const std::string& key, const Listed& listed) {
  if (listed.kind != Kind::File && !listed.link) return 0;
  SecretInfo info{.name = Name(*NameView::parse(key))};
  if (listed.link || options_.metadata) {
    const auto entry = tree_.find(folder, listed.name);
    if (entry ? entry->kind != Kind::File : entry.error() == ENOENT) return 0;
    if (!entry && !refused(entry.error())) return entry.error();
    if (entry && options_.metadata) info.metadata = Metadata{.updated = entry->identity.modified};
  }
  if (!full()) page_.items.push_back(std::move(info));
  return 0;
}

bool Listing::passed(std::string_view key) const noexcept {
  if (key > options_.page) return false;
  return !key.ends_with('/') || !options_.page.starts_with(key);
}

// Asked when there is one more thing to list: a full page ends at its last item, and the next begins after that.
bool Listing::full() {
  if (page_.items.size() < limit_) return false;
  page_.next = page_.items.back().name.text();
  return true;
}

}  // namespace locket::inline v1::dir
