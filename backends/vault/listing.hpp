#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <locket/info.hpp>
#include <locket/options.hpp>

#include "kv.hpp"

namespace locket::inline v1::vault {

/// One page of a listing: what lies below a folder, in byte order of the names, beginning after `options.page`, which
/// is the last name that was told. Folders are opened as the page needs them, several at once. Which secrets are
/// removed, only each one's history says.
class Listing {
 public:
  /// `check` says whether to go on.
  Listing(Kv& kv, const ListOptions& options, std::function<Result<void>()> check);

  Result<Page<SecretInfo>> run(const Prefix& prefix, const Call& call);

 private:
  /// Something that stands at a place of the listing: a secret, a folder that was not opened yet ("db/"), or what has
  /// no name in locket.
  struct Entry {
    std::string text = {};
    bool folder = false;
    bool addressable = true;
  };
  using Entries = std::vector<Entry>;

  /// Opens folders until none stands before the page's end.
  Result<void> open_folders(const Call& call);
  std::vector<std::size_t> folders_before_end() const;
  Result<void> open(const std::vector<std::size_t>& folders, const Call& call);
  Result<Entries> entries_in(const std::string& folder, const Ask& ask, const Result<Answer>& answer, const Call& call);
  Result<Entries> read_keys(const std::string& folder, const Ask& ask, const Answer& answer) const;
  /// By their bytes, each once.
  static Entries in_order(Entries entries);
  Entries kept(Entries entries) const;
  bool passed(const Entry& entry) const noexcept;

  /// The page's names, and where the next one begins.
  std::vector<Name> take();
  Result<void> tell(const std::vector<Name>& names, const Call& call);
  Result<void> add(const Name& name, Result<std::optional<Record>> record);
  Result<void> add_fields(const Call& call);

  Kv& kv_;
  const ListOptions& options_;
  const std::function<Result<void>()> check_;
  const std::size_t limit_;
  std::size_t opened_ = 0;
  Entries entries_;
  Page<SecretInfo> page_;
};

}  // namespace locket::inline v1::vault
