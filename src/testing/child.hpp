#pragma once

#include <functional>
#include <string>

namespace locket::inline v1::testing {

/// Why a forked child cannot be tried here; empty where it can.
std::string no_child();

/// Runs `body` in a forked child, which ends without running any destructor or handler of the program. Returns what
/// `body` returned, or what became of the child instead: killed by a signal, or by the parent after 20 seconds.
std::string in_child(const std::function<std::string()>& body);

}  // namespace locket::inline v1::testing
