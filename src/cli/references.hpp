#pragma once

#include <locket/resolver/resolver.hpp>
#include <locket/result.hpp>

#include "session.hpp"

namespace locket::cli {

/// What replaces references on the command line: those without an alias are the session's store's, the aliases are
/// the configuration file's. A store is opened when a reference needs it, once, and only for reading; a passphrase is
/// asked for as Session::open does. Errors: no store or configuration file can be chosen.
///
/// Documents are as large as files may be (input.hpp); the formats are document.hpp's. `options` says the rest, but not
/// the aliases.
Result<Resolver> make_resolver(const Session& session, ResolverOptions options = {});

}  // namespace locket::cli
