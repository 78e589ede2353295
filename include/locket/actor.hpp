#pragma once

#include <string>

namespace locket::inline v1 {

/// On whose behalf a call is made. Policies decide by it and audit trails record it; a store that serves every caller
/// alike ignores it. It is what the application says: locket does not authenticate it, and code in the same process
/// could say something else.
struct Actor {
  /// What kind of entity: "user", "service", "skill", "tool".
  std::string type = {};
  /// Which one, unique within its type: "billing-api", "alice".
  std::string id = {};
  /// Where the request came from, for the trail: an address, a host, a session. May be empty.
  std::string origin = {};
  /// What ties the call to the application's own logs: a trace or request identifier. May be empty.
  std::string request_id = {};

  friend bool operator==(const Actor&, const Actor&) = default;
};

}  // namespace locket::inline v1
