#include "tree.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace locket::inline v1::dir {
namespace {

constexpr auto generation_link = "..data";

// What was there a moment ago is gone or another kind of thing: replaced, not absent.
Failed replaced(int error) {
  const bool gone = error == ENOENT || error == ENOTDIR || error == ELOOP || error == ESTALE;
  return Failed{gone ? EAGAIN : error};
}

}  // namespace

std::string Folder::child(std::string_view name) const {
  std::string result = path;
  if (!result.empty()) result += '/';
  return result.append(name);
}

Tree::Tree(std::string path, std::uint64_t max_entries, Way way)
    : path_(std::move(path)), max_entries_(max_entries), way_(way) {}

Outcome<Tree> Tree::open(const std::string& path, std::uint64_t max_entries, Way way) {
  auto opened = opened_by([&] { return ::open(path.c_str(), lookup | O_DIRECTORY); });
  if (!opened) return opened.failed();
  auto status = status_of(opened->get());
  if (!status) return status.failed();
  Tree tree(path, max_entries, way);
  tree.root_.handle = std::make_shared<const Descriptor>(*std::move(opened));
  tree.root_identity_ = identity_of(*status);
  return tree;
}

bool Tree::Pin::holds() const {
  const auto now = status_at(where.fd(), name, 0);
  return now && same_place(identity_of(*now), identity);
}

bool Tree::current() const {
  const auto root = status_at(AT_FDCWD, path_, 0);
  if (!root || !same_place(identity_of(*root), root_identity_)) return false;
  return std::all_of(pins_.begin(), pins_.end(), [](const Pin& pin) { return pin.holds(); });
}

bool Tree::settle(std::size_t mark) {
  const auto first = pins_.begin() + static_cast<std::ptrdiff_t>(mark);
  const bool held = std::all_of(first, pins_.end(), [](const Pin& pin) { return pin.holds(); });
  pins_.erase(first, pins_.end());
  return held;
}

Outcome<Folder> Tree::pin(const Folder& where, const std::string& name, Descriptor opened, std::string path) {
  const auto status = status_of(opened.get());
  if (!status) return status.failed();
  Folder folder{.handle = std::make_shared<const Descriptor>(std::move(opened)), .path = std::move(path)};
  pins_.push_back({where, name, folder, identity_of(*status)});
  return folder;
}

// Opened by what the link says, so that the generation's path is that of the folder that is held open. A generation
// goes after the link has left it: it is missing only where the link says the same again.
Outcome<Folder> Tree::generation_of(const Folder& folder) {
  const auto text = read_link(folder.fd(), generation_link);
  if (!text) return text.failed();
  auto opened = open_beneath(folder.fd(), *text, lookup | O_DIRECTORY, way_);
  if (!opened && replaced(opened.error()).error == EAGAIN) {
    const auto again = read_link(folder.fd(), generation_link);
    return Failed{again && *again == *text ? ENOLINK : EAGAIN};
  }
  if (!opened) return opened.failed();
  return pin(folder, generation_link, *std::move(opened), folder.child(*text));
}

Outcome<View> Tree::see(Folder folder) {
  auto generation = generation_of(folder);
  if (generation) return View{.own = std::move(folder), .generation = *std::move(generation)};
  // No `..data`, or one that is no link and means nothing.
  if (generation.error() == ENOENT || generation.error() == EINVAL) return View{.own = std::move(folder)};
  return generation.failed();
}

Outcome<struct stat> Tree::follow(const Folder& folder, const std::string& name) const {
  const auto opened = open_beneath(root_.fd(), folder.child(name), lookup, way_);
  // A link through a file, or to a name that no file can have, leads nowhere.
  const bool nowhere = opened.error() == ENOTDIR || opened.error() == ENAMETOOLONG;
  if (!opened) return nowhere ? Failed{ENOENT} : opened.failed();
  auto status = status_of(opened->get());
  // Where lookups open links too, one that was put there at the last moment is opened itself.
  if (status && S_ISLNK(status->st_mode)) return Failed{EAGAIN};
  return status;
}

Outcome<Entry> Tree::look(const Folder& folder, const std::string& name, bool links) const {
  auto status = status_at(folder.fd(), name, AT_SYMLINK_NOFOLLOW);
  const bool link = status && S_ISLNK(status->st_mode);
  if (link && !links) return Failed{ENOENT};
  if (link) status = follow(folder, name);
  if (!status) return status.failed();
  return Entry{.where = folder, .name = name, .link = link, .kind = kind_of(*status), .identity = identity_of(*status)};
}

Outcome<Entry> Tree::find(const View& view, const std::string& name) const {
  if (view.generation) {
    auto entry = look(*view.generation, name, true);
    if (entry || entry.error() != ENOENT) return entry;
  }
  return look(view.own, name, !view.generation);
}

Outcome<View> Tree::enter(const Entry& folder) {
  if (folder.kind != Kind::Folder) return Failed{ENOTDIR};
  const int flags = lookup | O_DIRECTORY;
  const std::string path = folder.where.child(folder.name);
  auto opened = folder.link
                    ? open_beneath(root_.fd(), path, flags, way_)
                    : opened_by([&] { return ::openat(folder.where.fd(), folder.name.c_str(), flags | O_NOFOLLOW); });
  if (!opened) return replaced(opened.error());
  auto entered = pin(folder.where, folder.name, *std::move(opened), path);
  if (!entered) return entered.failed();
  return see(*std::move(entered));
}

Outcome<Descriptor> Tree::open(const Entry& file) const {
  if (file.kind != Kind::File) return Failed{ENXIO};
  const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  auto opened = file.link ? open_beneath(root_.fd(), file.where.child(file.name), flags, way_)
                          : opened_by([&] { return ::openat(file.where.fd(), file.name.c_str(), flags | O_NOFOLLOW); });
  if (!opened) return replaced(opened.error());
  return opened;
}

Outcome<Entry> Tree::locate(std::string_view name) {
  auto view = top();
  for (;;) {
    if (!view) return view.failed();
    const auto slash = name.find('/');
    const std::string part(name.substr(0, slash));
    if (hidden(part)) return Failed{ENOENT};
    auto entry = find(*view, part);
    if (!entry || slash == std::string_view::npos) return entry;
    view = enter(*entry);
    name.remove_prefix(slash + 1);
  }
}

Outcome<std::vector<Listed>> Tree::names(const View& view) const {
  auto own = folder_names(view.own.fd(), max_entries_);
  if (!own || !view.generation) return own;
  auto names = folder_names(view.generation->fd(), max_entries_);
  if (!names) return names;
  std::erase_if(*own, [&](const Listed& listed) {
    return listed.link || std::ranges::binary_search(*names, listed.name, {}, &Listed::name);
  });
  std::ranges::move(*own, std::back_inserter(*names));
  sort_out(*names);
  return names;
}

}  // namespace locket::inline v1::dir
