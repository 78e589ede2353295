#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <locket/options.hpp>
#include <locket/result.hpp>

namespace locket::inline v1 {

/// Binds a backend's cursor to what is being listed, so that a page of one listing cannot be asked of another: the
/// token is the scope's hash in 16 hex digits, a dot, and the cursor.
class PageToken {
 public:
  explicit PageToken(std::string_view scope);

  /// Lists with the cursor that `options.page` holds, and wraps the next one.
  template <class List>
  auto with_cursor(const ListOptions& options, List list) const -> decltype(list(options)) {
    auto cursor = open(options.page);
    if (!cursor) return std::move(cursor).error();
    ListOptions inner = options;
    inner.page = std::move(*cursor);
    auto page = list(inner);
    if (page && !page->next.empty()) page->next = wrap(page->next);
    return page;
  }

 private:
  std::string wrap(std::string_view cursor) const;
  /// InvalidArgument when the token belongs to another scope, or is none.
  Result<std::string> open(std::string_view token) const;

  std::string head_;
};

}  // namespace locket::inline v1
