#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <locket/resolver/format.hpp>

/// What the resolver does with a document, without references, stores and their errors: for tests of formats.
namespace locket::inline v1::resolver {

/// The document with each scalar that is wanted replaced by what `value_of` says; the first error of `find` or `write`.
/// A Null cuts the entry where the format has none.
inline Result<std::string> rewrite(const Format& format, std::string_view document, const Wanted& wanted,
                                   const std::function<Value(const Scalar&)>& value_of) {
  auto scalars = format.find(document, wanted);
  if (!scalars) return scalars.error();
  SecretBuffer out;
  std::size_t done = 0;
  for (const Scalar& scalar : *scalars) {
    const Value value = value_of(scalar);
    const bool cut = value.kind == Value::Kind::Null && scalar.entry_begin != scalar.entry_end;
    const std::size_t until = std::max(done, cut ? scalar.entry_begin : scalar.begin);
    out.append(document.substr(done, until - done));
    done = std::max(done, cut ? scalar.entry_end : scalar.end);
    if (cut) continue;
    if (auto written = format.write(document, scalar, value, out); !written) return written.error();
  }
  out.append(document.substr(done));
  return std::string(out.view());
}

}  // namespace locket::inline v1::resolver
