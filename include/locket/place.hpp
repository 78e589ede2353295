#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>

#include <locket/export.hpp>

namespace locket::inline v1 {

/// Where in a text something stands, for errors that people act on: "app.yaml:12:13: db.password".
struct Place {
  /// As the caller named it; empty for a text without a file.
  std::string file = {};
  /// From 1; 0 when it is not known.
  std::size_t line = 0;
  /// In characters (Unicode code points) from 1; 0 when it is not known.
  std::size_t column = 0;
  /// The position in the structure of a document ("db.replicas[2].password"); empty where there is none.
  std::string path = {};

  /// "app.yaml:12:13: db.password", without what is not known. Control characters stand as \xNN.
  LOCKET_EXPORT std::string to_string() const;

  friend bool operator==(const Place&, const Place&) = default;
};

/// Writes `to_string()`.
LOCKET_EXPORT std::ostream& operator<<(std::ostream& out, const Place& place);

}  // namespace locket::inline v1
