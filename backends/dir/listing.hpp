#pragma once

#include <string>
#include <string_view>

#include <locket/info.hpp>
#include <locket/options.hpp>

#include "tree.hpp"

namespace locket::inline v1::dir {

/// One page of a listing: the files below a folder in byte order of their names, beginning after the one that
/// `options.page` names. What it holds in memory is the page and the names of the folders that it is in.
class Listing {
 public:
  Listing(Tree& tree, const ListOptions& options, const Stopped& stopped);

  /// `prefix` is the text of a Prefix. ENOENT when there is no such folder.
  Outcome<Page<SecretInfo>> run(const std::string& prefix);

 private:
  Outcome<View> start(const std::string& prefix);
  int walk(const View& folder, const std::string& prefix);
  int visit(const View& folder, const std::string& key, const Listed& listed);
  int descend(const View& folder, const std::string& key, const Listed& listed);
  int add_file(const View& folder, const std::string& key, const Listed& listed);
  bool passed(std::string_view key) const noexcept;
  bool full();

  Tree& tree_;
  const ListOptions& options_;
  const Stopped& stopped_;
  std::size_t limit_;
  Page<SecretInfo> page_;
  std::string asked_;
  std::string where_;  ///< Below that, the name at which it failed.
};

}  // namespace locket::inline v1::dir
