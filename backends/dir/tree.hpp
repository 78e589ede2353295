#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beneath.hpp"
#include "folder_names.hpp"
#include "outcome.hpp"
#include "status.hpp"

namespace locket::inline v1::dir {

/// Whether the call should end now; asked before each file.
using Stopped = std::function<bool()>;

/// A folder, held open.
struct Folder {
  std::shared_ptr<const Descriptor> handle = {};
  /// Below DIR, through generations; empty for DIR itself.
  std::string path = {};

  int fd() const noexcept { return handle->get(); }
  std::string child(std::string_view name) const;
};

/// What a reader sees of a folder: with a `..data`, what is in that generation, and beside it what is no link.
struct View {
  Folder own = {};
  std::optional<Folder> generation = {};
};

/// A file or folder that is there, what a link leads to in place of the link.
struct Entry {
  Folder where = {};
  std::string name = {};
  bool link = false;
  Kind kind = Kind::Other;
  Identity identity = {};

  friend bool operator==(const Entry& a, const Entry& b) { return a.name == b.name && a.identity == b.identity; }
};

/// DIR as one operation sees it. Each folder that it comes to, and of a Kubernetes volume the generation that is
/// current at that moment, is held open and stays that one for the whole operation; afterwards `current` says whether
/// their names still lead to them. Nothing leads out of DIR.
///
/// Errors besides the system's: EAGAIN when something was replaced while it was read, ENOLINK when a `..data` leads
/// nowhere, which may be because it was, EXDEV when a link leads out of DIR, ENXIO for what is neither file nor folder,
/// EOVERFLOW for a folder with more than `max_entries`.
///
/// Thread safety: none; one operation has one.
class Tree {
 public:
  static Outcome<Tree> open(const std::string& path, std::uint64_t max_entries, Way way);

  /// DIR itself.
  Outcome<View> top() { return see(root_); }
  /// "db/password", its folders entered one after the other. ENOENT for what Kubernetes hides.
  Outcome<Entry> locate(std::string_view name);
  Outcome<Entry> find(const View& view, const std::string& name) const;
  Outcome<View> enter(const Entry& folder);
  /// What is in a folder, in byte order, without what Kubernetes hides.
  Outcome<std::vector<Listed>> names(const View& view) const;
  /// To be read, without waiting for anything.
  Outcome<Descriptor> open(const Entry& file) const;

  /// Whether DIR and everything that was entered are still what their names lead to. Where not, what was not found may
  /// have been there all the time.
  bool current() const;
  /// For those who enter many folders: how many are held, and the same as `current` of those after the first `mark`,
  /// which are let go.
  std::size_t held() const noexcept { return pins_.size(); }
  bool settle(std::size_t mark);

 private:
  /// What `name` in `where` led to.
  struct Pin {
    Folder where;
    std::string name;
    Folder opened;
    Identity identity;

    bool holds() const;
  };

  Tree(std::string path, std::uint64_t max_entries, Way way);
  Outcome<View> see(Folder folder);
  Outcome<Folder> generation_of(const Folder& folder);
  Outcome<Folder> pin(const Folder& where, const std::string& name, Descriptor opened, std::string path);
  Outcome<Entry> look(const Folder& folder, const std::string& name, bool links) const;
  Outcome<struct stat> follow(const Folder& folder, const std::string& name) const;

  std::string path_;
  std::uint64_t max_entries_;
  Way way_;
  Folder root_;
  Identity root_identity_;
  std::vector<Pin> pins_;
};

}  // namespace locket::inline v1::dir
