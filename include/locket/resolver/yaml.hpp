#pragma once

#include <locket/export.hpp>
#include <locket/resolver/format.hpp>

namespace locket::inline v1::resolver {

/// YAML 1.1 and 1.2 as libyaml reads it, in UTF-8; `.yaml` and `.yml` files.
///
/// Found are the scalars that are values: never keys, whatever stands inside a key, nor comments; an alias is no scalar
/// of its own, so that a value written at the anchor is seen at all its aliases. Kinds follow the core schema, or the
/// tag where there is one. A path begins with the document's index when it is not the first of its stream ("[1].db" is
/// in the second); the key of a step that is a collection is "?", of one that is an alias "*name".
///
/// A text stays plain, or in single quotes, where it stood so and every parser, of 1.1 as of 1.2, reads it as the same
/// text there; else it is written in double quotes, on one line. A block scalar becomes a quoted one and keeps the
/// comment behind its indicator. JSON becomes a flow collection.
///
/// "yaml.unwritable" are: bytes that are no UTF-8; Integer, Boolean, Null and Json behind a tag that says otherwise
/// (`!!str`, an application's own); a text behind the tag `!`, which parsers disagree on, unless it may stand plain;
/// JSON that names a key twice or nests deeper than 100 in the document; and the place of a value that is left out
/// ("key:"), which is found as a Null.
LOCKET_EXPORT FormatPtr yaml();

}  // namespace locket::inline v1::resolver
