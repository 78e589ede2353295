#include "dir_store.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "content.hpp"
#include "failure.hpp"
#include "listing.hpp"

namespace locket::inline v1::dir {

namespace {

constexpr int max_attempts = 16;

constexpr std::uint64_t largest_value = std::uint64_t{1} << 30U;
constexpr std::uint64_t most_entries = 10'000'000;

Capabilities capabilities_with(std::uint64_t max_value) {
  return {.list = true, .list_metadata = true, .stat_without_value = true, .max_value = max_value};
}

bool replaced_meanwhile(int error) {
  return error == EAGAIN || error == ESTALE || error == ENOLINK;
}

Error invalid(std::string message, std::string hint) {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "dir.invalid_option",
                .message = std::move(message),
                .hint = std::move(hint)});
}

Result<void> check_options(const Options& options) {
  if (options.path.empty() || options.path.find('\0') != std::string::npos) {
    return invalid("the path of the folder is empty or holds a NUL byte",
                   "give the folder where the files are mounted");
  }
  if (options.max_value == 0 || options.max_value > largest_value) {
    return invalid(fmt::format("max_value is {}", options.max_value), "give 1 to 1 GiB");
  }
  if (options.max_entries == 0 || options.max_entries > most_entries) {
    return invalid(fmt::format("max_entries is {}", options.max_entries), "give 1 to 10,000,000");
  }
  return {};
}

Result<void> check_folder(const Options& options, Way way) {
  const auto tree = Tree::open(options.path, options.max_entries, way);
  if (tree) return {};
  const bool there = tree.error() == ENOTDIR && status_at(AT_FDCWD, options.path, 0);
  if (there)
    return invalid(fmt::format("{} is not a folder", printable(options.path)), "give the folder that the file is in");
  return root_failure(tree.error(), options.path, ErrorCode::NotFound);
}

}  // namespace

Result<std::shared_ptr<SecretStore>> open(Options options, Way way) {
  if (auto good = check_options(options); !good) return std::move(good).error();
  std::error_code failure;
  options.path = std::filesystem::absolute(options.path, failure).string();
  if (failure) return root_failure(failure.value(), "the working folder", ErrorCode::NotFound);
  if (auto good = check_folder(options, way); !good) return std::move(good).error();
  return std::make_shared<DirStore>(std::move(options), way);
}

Result<std::shared_ptr<SecretStore>> open(Options options) {
  return open(std::move(options), Way::Kernel);
}

void add_schemes(Registry& registry) {
  registry.add({.name = "dir",
                .capabilities = capabilities_with(Options{}.max_value),
                .open = [](const StoreUrl& url, const StoreSettings& settings) -> Result<std::shared_ptr<SecretStore>> {
                  if (url.host().empty()) return open({.settings = settings, .path = url.path()});
                  return Error({.code = ErrorCode::InvalidArgument,
                                .reason = "url.invalid",
                                .message = "a 'dir:' URL names no host",
                                .hint = "write dir:/run/secrets, without '//'"});
                }});
}

DirStore::DirStore(Options options, Way way)
    : SecretStore(std::move(options.settings)),
      path_(std::move(options.path)),
      max_entries_(options.max_entries),
      way_(way),
      capabilities_(capabilities_with(options.max_value)) {}

// Runs an operation on DIR as it is now, again and again until what it saw was not replaced under its hands. It is
// given the tree and what tells it to stop.
template <class T, class Operation>
Result<T> DirStore::attempt(std::string_view name, const Call& call, Operation run) const {
  const Stopped stopped = [&] { return !check(call); };
  Failed last{EAGAIN};
  for (int i = 0; i < max_attempts; ++i) {
    if (auto go = check(call); !go) return std::move(go).error();
    auto tree = Tree::open(path_, max_entries_, way_);
    if (!tree) return root_failure(tree.error(), path_, ErrorCode::Unavailable);
    Outcome<T> result = run(*tree, stopped);
    if (replaced_meanwhile(result.error())) last = result.failed();
    if (replaced_meanwhile(result.error()) || !tree->current()) continue;
    if (result) return *std::move(result);
    if (auto go = check(call); !go) return std::move(go).error();
    return entry_failure(result.failed(), name, path_);
  }
  return entry_failure(last, name, path_);
}

Result<Secret> DirStore::secret_of(NameView name, Content content) const {
  Metadata metadata{.updated = content.updated};
  if (!content.folder) return Secret(SecretData::bytes(std::move(content.bytes)), {}, std::move(metadata));
  auto fields = SecretData::fields(content.fields);
  if (!fields) {
    return Error(
        {.code = ErrorCode::InvalidArgument,
         .reason = "dir.no_fields",
         .message = fmt::format("the files in '{}' cannot be fields: {}", name.text(), fields.error().message()),
         .hint = fmt::format("read each file by its own name: '{}/FILE'", name.text())});
  }
  // Written as JSON they may have become larger.
  if (fields->size() > capabilities_.max_value) return entry_failure(Failed{EFBIG}, name.text(), path_);
  return Secret(*std::move(fields), {}, std::move(metadata));
}

Result<Secret> DirStore::do_get(NameView name, const GetOptions&, const Call& call) {
  auto content = attempt<Content>(name.text(), call, [&](Tree& tree, const Stopped& stopped) {
    return read_content(tree, name.text(), capabilities_.max_value, stopped);
  });
  if (!content) return std::move(content).error();
  return secret_of(name, *std::move(content));
}

Result<SecretInfo> DirStore::do_stat(NameView name, const GetOptions&, const Call& call) {
  return attempt<SecretInfo>(name.text(), call,
                             [&](Tree& tree, const Stopped& stopped) { return describe_entry(tree, name, stopped); });
}

Result<Page<SecretInfo>> DirStore::do_list(const Prefix& prefix, const ListOptions& options, const Call& call) {
  return attempt<Page<SecretInfo>>(prefix.text(), call, [&](Tree& tree, const Stopped& stopped) {
    return Listing(tree, options, stopped).run(prefix.text());
  });
}

Result<Health> DirStore::do_health(const Call&) {
  const auto tree = Tree::open(path_, max_entries_, way_);
  const auto searched = tree ? status_at(AT_FDCWD, path_ + "/.", 0).error() : tree.error();
  if (searched == 0) return Health{.ready = true, .state = "ok", .detail = printable(path_)};
  Error error = root_failure(searched, path_, ErrorCode::Unavailable);
  if (error.reason() != "dir.missing") return error;
  return Health{.ready = false, .state = "missing", .detail = error.to_string()};
}

std::string DirStore::do_describe() const {
  return fmt::format("dir ({})", printable(path_));
}

}  // namespace locket::inline v1::dir
