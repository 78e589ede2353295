#pragma once

#include <string>

#include <locket/result.hpp>

#include "ask.hpp"

/// The errors of Vault's answers; each has a reason and a hint of its own, and nothing of an answer's body.
namespace locket::inline v1::vault {

/// An option is wrong: reason "vault.option".
Error invalid_option(std::string message, std::string hint = {});

/// Vault knows no such namespace: reason "vault.no_namespace".
Error no_namespace(const std::string& name);

/// "what" is not as Vault answers it: reason "vault.response". The effect is that of a write whose answer was lost.
Error malformed(const Ask& ask, int status, std::string_view what);

/// The transport's error of an answer that has more bytes than `ask` allows, with what was asked and what to do.
Error too_long(const Ask& ask, Error error);
template <class T>
bool is_too_long(const Result<T>& result) {
  return !result && result.error().reason() == "http.too_large";
}

/// A valid token may not do that: reason "vault.refused".
Error refused(const Ask& ask);

/// The error of every status that no caller decides on: 429, 5xx, redirects and whatever else Vault does not answer;
/// also for callers who did not expect the one that they got.
Error failure_of(const Ask& ask, const Answer& answer);

/// The error of an answer, with the effect of a write whose answer was lost where that happened to an attempt before:
/// that this one did nothing says nothing about that one. `failure_of` has done so already.
Error after_earlier(Error error, const Ask& ask, const Answer& answer);

/// What a request before `last` may have done (`earlier`), `last` did not undo: it says so, too.
void keep_earlier(Result<Answer>& last, Effect earlier);

}  // namespace locket::inline v1::vault
