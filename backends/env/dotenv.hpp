#pragma once

#include <string_view>
#include <vector>

#include <locket/backends/env.hpp>
#include <locket/result.hpp>

namespace locket::inline v1::env {

/// Reads the text of a `.env` file; `Options::file` says what may stand there. Each variable is returned once, in the
/// order of their first lines, with its last value.
///
/// How such a file is read, dotenv/reader.hpp says.
///
/// InvalidArgument (reason "dotenv.syntax") tells all errors together, each as `file:line:column: what`, the column in
/// characters from 1. Nothing of the text is ever quoted: a line that cannot be read may well be a part of a secret.
Result<std::vector<DotenvEntry>> parse_dotenv(std::string_view text, std::string_view file);

}  // namespace locket::inline v1::env
