#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <locket/export.hpp>
#include <locket/options.hpp>
#include <locket/registry.hpp>
#include <locket/result.hpp>
#include <locket/store.hpp>

/// Secrets that the platform mounts as files: Kubernetes' secret volumes, Docker's /run/secrets, the folder that
/// systemd names in $CREDENTIALS_DIRECTORY. Read-only.
///
/// **Names.** `get("db/password")` is the file DIR/db/password, to the byte: a newline at its end is part of the value.
/// `get("db")`, where DIR/db is a folder, is a secret with one field for each file in it, by the file's name and in
/// byte order of the names; folders within it are left out. `list` names files only, each once and under its own name:
/// a folder is a second way to read its files together (so a policy that forbids `db/password` must forbid `db` as
/// well), and naming it too would make a copy of the whole store hold
/// every value twice. `get` and `stat` of a folder answer
///   - NotFound (reason "dir.no_files") when it holds no files;
///   - InvalidArgument (reason "dir.no_fields") when its files cannot be fields (a value or a file's name is not UTF-8,
///     or the only file is called "value", see SecretData::fields): read such files by their own names;
///   - LimitExceeded (reason "dir.too_many_files") when they are more than 1,000.
/// Entries whose names begin with ".." are Kubernetes' own: they are neither listed nor read (NotFound). Other entries
/// that have no locket name are reported (Page::unaddressable), a folder among them without what is in it; as fields
/// they can be read.
///
/// **Kubernetes** replaces all files of a volume at once: they are links into a folder of one generation, to which the
/// link `..data` leads, and that link is replaced. Where DIR, or a folder below it, has a `..data`, one operation reads
/// one generation, held open; when it was replaced meanwhile the operation starts again, so that two generations never
/// mix and a vanishing file is never taken for one that is not there. DIR itself may be such a link (sops-nix, agenix).
/// Links beside a `..data` are Kubernetes' own; other entries there (a volume mounted within) are read. The files of
/// any other folder read as fields are looked at before and after, and read again when one was replaced in between. A
/// writer that changes a file in place instead of renaming a new one over it can be seen half-way, as by every reader.
/// What does not come to rest in 16 tries is Unavailable (reason "dir.changing"), and so is a volume whose `..data`
/// leads nowhere ("dir.no_generation").
///
/// **Links** of files and folders are followed as long as they stay below DIR. One that leads out, absolute ones among
/// them, is Integrity (reason "dir.link_outside"): the name is right and nobody was refused, but whoever made that link
/// wants another file read than DIR's owner offers. So are links in a circle ("dir.link_loop"), and what is neither
/// file nor folder ("dir.not_a_file"), which is never opened. `list` names a link to a file, also one that `get`
/// refuses, so that it is seen; it does not enter links to folders, which lead to files that it names where they are,
/// or back up.
///
/// **Other errors.** NotFound: no such file. PermissionDenied: the process may not read the file or enter or list the
/// folder; of a whole listing too, since a part would pass for all. LimitExceeded: a file, or the files of a folder
/// together, are larger than `max_value` ("dir.too_large"); a folder has more than `max_entries`
/// ("dir.too_many_files"). Unavailable: DIR is gone ("dir.missing"; `health` is not ready, in state "missing"), or
/// could not be read ("dir.io").
///
/// **What is told.** Metadata are `updated`, the file's time of modification (of a folder, its newest file's); there
/// are no versions. `list` is in byte order of the names.
///
/// DIR is opened by its path for each operation, so that a folder that was mounted anew or replaced is seen; between
/// operations nothing is held open. Reading is blocking I/O: on a network file system that hangs, a deadline is noticed
/// between two files.
namespace locket::inline v1::dir {

struct Options {
  StoreSettings settings = {};
  /// The folder. A relative one is below the working folder at the time of `open`.
  std::string path = {};
  /// Bytes of one value, and of all fields of one, at most: 1 to 1 GiB. A larger file is refused before it is read.
  std::uint64_t max_value = std::uint64_t{1} << 20U;
  /// Files and folders in one folder, at most: 1 to 10,000,000. A page of a listing needs memory for so many names.
  std::uint64_t max_entries = 100'000;
};

/// A store over the files below `options.path`. NotFound (reason "dir.missing") when there is no such folder yet: what
/// mounts it must run first. InvalidArgument: an empty path, one that is not a folder, a limit out of its range.
/// PermissionDenied: the process may not go there. Unavailable: the file system fails ("dir.io").
LOCKET_EXPORT Result<std::shared_ptr<SecretStore>> open(Options options);

/// Teaches `registry` the URLs `dir:/run/secrets`, which have no options.
LOCKET_EXPORT void add_schemes(Registry& registry);

}  // namespace locket::inline v1::dir
