#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <locket/export.hpp>
#include <locket/options.hpp>
#include <locket/registry.hpp>
#include <locket/result.hpp>
#include <locket/secret_value.hpp>
#include <locket/store.hpp>

/// Environment variables, and a `.env` file for development, as a store that is read only.
///
///     auto store = locket::env::open({.prefix = "MYAPP_", .file = ".env"});
///     auto key = (*store)->get("openai/api_key");    // the value of MYAPP_OPENAI_API_KEY
///
/// **Names.** The variable of a name is the prefix, and then the name in upper case with `_` for whatever is neither a
/// letter nor a digit. Several names mean the same variable (`a/b_c`, `a_b/c`, `A-B-C`), and from a variable its name
/// cannot be told. So say which names there are (`Options::names`): two that mean the same variable are then an error,
/// no other name is served, and `list` tells them as they were declared. A policy in front of this store needs that,
/// for without declared names what it forbids as `a/b` can be had as `a_b`.
/// Without declared names every name is served, and `list` tells each variable in lower case: `openai_api_key`.
/// Variables that no name means (a lower-case letter, nothing behind the prefix) are `Page::unaddressable`. With no
/// prefix either, the store is the whole environment, PATH and HOME among it, for that is what `get` finds.
///
/// **Values.** A variable that is set to nothing is a secret with an empty value; one that is not set is NotFound. All
/// values are bytes; when they are a JSON object, `Secret::field` reads its members.
///
/// **Read once.** `open` copies the variables that belong to the store; nothing that happens to the environment or the
/// file later changes what the store says. Another thread must not change the environment during `open` (getenv(3) asks
/// the same). What was copied is wiped with the store and its secrets; the environment itself stays readable in
/// `/proc/PID/environ` and to child processes.
namespace locket::inline v1::env {

struct Options {
  StoreSettings settings = {};
  /// What the variables begin with, as it stands there: "MYAPP_". Letters, digits and `_`; nothing is added to it.
  std::string prefix = {};
  /// A file of variables, prefix included, for development. Empty: none. Where the environment has a variable too, even
  /// an empty one, the environment wins, as it does with the dotenv tools. At most 1 MiB.
  ///
  /// Its lines are `NAME=value`, `export NAME=value`, `# comment`, or empty. Values stand bare (spaces around them and
  /// a comment after a space are dropped), in '…' or `…` (as they are) or in "…" (where \n \r \t \" \\ and \$ are
  /// escapes); quoted ones may go over several lines. Nothing is expanded. The last of several lines with the same name
  /// counts.
  std::string file = {};
  /// The names of the secrets that the application uses. Empty: any name.
  std::vector<std::string> names = {};
};

/// Reads the environment and the file.
///
/// InvalidArgument: a prefix (reason "env.prefix") or name ("name.invalid", …) that is none; names that mean the same
/// variable ("env.collision"); errors in the file ("dotenv.syntax"), all told together with line and column, in
/// characters from 1. Of the file (all "env.file"): InvalidArgument, it is a folder, or no path; NotFound, there is no
/// such file; PermissionDenied, it may not be read; LimitExceeded, it is too large; Unavailable, reading it fails.
///
/// The store then answers NotFound with the reason "env.not_set" or "env.not_declared".
LOCKET_EXPORT Result<std::shared_ptr<SecretStore>> open(Options options);

/// One variable of a `.env` file.
struct DotenvEntry {
  std::string variable = {};
  SecretValue value = {};
  /// Where the variable's name stands; lines count from 1.
  std::size_t line = 0;
};

/// The variables of a `.env` file, for those who want the file alone (to import it, to start a program with it) and not
/// a store: each once, in the order of their first lines, with its last value. `Options::file` says what may stand
/// there. Errors are those of `open` for the file.
LOCKET_EXPORT Result<std::vector<DotenvEntry>> read_dotenv(const std::string& path);

/// Teaches `registry` the URLs `env:?prefix=MYAPP_&file=.env`; both options may be left out.
LOCKET_EXPORT void add_schemes(Registry& registry);

}  // namespace locket::inline v1::env
