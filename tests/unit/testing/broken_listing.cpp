// Broken in list.
#include <algorithm>
#include <mutex>
#include <set>

#include "broken_stores.hpp"

namespace broken {
namespace {

using namespace locket;

class PrefixIsText final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    auto page = inner().list(Prefix(), options, call);
    if (!page || prefix.text().empty()) return page;
    const std::string text = prefix.text().substr(0, prefix.text().size() - 1);
    std::erase_if(page->items, [&](const SecretInfo& info) {
      return !info.name.text().starts_with(text) || info.name.text() == text;
    });
    return page;
  }
};

class PrefixHoldsItself final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    auto page = inner().list(prefix, options, call);
    if (!page || prefix.text().empty() || !options.page.empty()) return page;
    const Name itself = Name::parse(prefix.text().substr(0, prefix.text().size() - 1)).value();
    if (inner().get(itself, {}, call)) page->items.push_back({.name = itself});
    return page;
  }
};

class OneTooMany final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    ListOptions more = options;
    if (more.limit != 0 && more.limit < 1000) ++more.limit;
    return inner().list(prefix, more, call);
  }
};

// Its cursor is a number of items, so what is removed before it shifts what comes after.
class CursorIsAnOffset final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    const ListOptions whole{.metadata = options.metadata, .deleted = options.deleted, .limit = 1000};
    auto all = inner().list(prefix, whole, call);
    if (!all) return all;
    const std::size_t from = options.page.empty() ? 0 : std::stoul(options.page);
    const std::size_t limit = options.limit == 0 ? 1000 : options.limit;
    Page<SecretInfo> page;
    for (std::size_t i = from; i < std::min(from + limit, all->items.size()); ++i) page.items.push_back(all->items[i]);
    if (from + limit < all->items.size()) page.next = std::to_string(from + limit);
    return page;
  }
};

class CursorIsSpent final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    const std::lock_guard lock(mutex_);
    if (options.page.empty()) spent_.clear();
    if (options.page.empty() || spent_.insert(options.page).second) return inner().list(prefix, options, call);
    return Error({.code = ErrorCode::InvalidArgument, .message = "this page was read before"});
  }

 private:
  std::mutex mutex_;
  std::set<std::string> spent_;
};

class ListsTheRemoved final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    ListOptions all = options;
    all.deleted = true;
    return inner().list(prefix, all, call);
  }
};

class HidesTheRemoved final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    ListOptions live = options;
    live.deleted = false;
    return inner().list(prefix, live, call);
  }
};

class HidesTheExpired final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    auto page = inner().list(prefix, options, call);
    if (!page) return page;
    std::erase_if(page->items, [&](const SecretInfo& info) {
      const auto secret = inner().get(info.name, {}, call);
      return !secret && secret.error().code() == ErrorCode::Expired;
    });
    return page;
  }
};

class ForgetsMetadataInLists final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    auto page = inner().list(prefix, options, call);
    if (!page) return page;
    for (SecretInfo& info : page->items) info.metadata.reset();
    return page;
  }
};

class TellsMetadataUnasked final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    ListOptions with = options;
    with.metadata = true;
    return inner().list(prefix, with, call);
  }
};

class TellsVersionsUnasked final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    auto page = inner().list(prefix, options, call);
    if (!page) return page;
    for (SecretInfo& info : page->items) {
      if (const auto known = inner().stat(info.name, {}, call)) info.current = known->current;
    }
    return page;
  }
};

class ListsWhatItSawFirst final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    if (!prefix.text().empty() || options.metadata || options.deleted) return inner().list(prefix, options, call);
    const std::lock_guard lock(mutex_);
    if (!seen_) seen_ = inner().list(prefix, options, call);
    return *seen_;
  }

 private:
  std::mutex mutex_;
  std::optional<Result<Page<SecretInfo>>> seen_;
};

// One name in four pages is told again at the end.
class RepeatsItself final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

 protected:
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    auto page = inner().list(prefix, options, call);
    if (page && options.limit == 7 && page->items.size() < 7) page->items.push_back({.name = page->items.front().name});
    return page;
  }
};

}  // namespace

std::vector<Store> listing() {
  return {
      {"a prefix is any text", {"list/whole-segments"}, around<PrefixIsText>},
      {"a prefix holds the name that it is", {"list/not-itself"}, around<PrefixHoldsItself>},
      {"pages hold one more than asked for", {"page/limits"}, around<OneTooMany>},
      {"the cursor is an offset",
       {"page/writes-between", "page/removes-between"},
       around<CursorIsAnOffset>,
       {"threads/list"}},
      {"a page can be read once", {"page/again"}, around<CursorIsSpent>},
      {"a list has the removed unasked", {"remove/soft-hides"}, around<ListsTheRemoved>},
      {"a list never has the removed", {"remove/soft-lists"}, around<HidesTheRemoved>},
      {"a list leaves out the expired", {"expiry/list"}, around<HidesTheExpired>},
      {"a list never has metadata", {"list/tells-metadata"}, around<ForgetsMetadataInLists>},
      {"a list has metadata unasked", {"list/tells"}, around<TellsMetadataUnasked>},
      {"a list tells versions unasked", {"list/tells"}, around<TellsVersionsUnasked>},
      {"a list never changes", {"list/sees-writes"}, around<ListsWhatItSawFirst>},
      {"a name is listed twice", {"page/limits"}, around<RepeatsItself>},
  };
}

}  // namespace broken
