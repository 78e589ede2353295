#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <locket/secret_value.hpp>

/// Reads `.env` files, and knows where everything in them stands.
namespace locket::inline v1::dotenv {

/// One assignment of a file; the same variable may be assigned several times.
struct Assignment {
  std::string variable = {};
  SecretValue value = {};
  /// Where the variable's name stands, from 1.
  std::size_t line = 0;
  /// The value's bytes as they are written, with its quotes, without blanks and comments.
  std::size_t begin = 0;
  std::size_t end = 0;
  /// The whole lines of the assignment, with the end of the last one.
  std::size_t entry_begin = 0;
  std::size_t entry_end = 0;
};

/// What cannot be read. `what` never quotes the file: a line that cannot be read may well be a part of a secret.
struct Fault {
  std::size_t line = 0;
  std::size_t column = 0;  ///< in characters, from 1
  std::string what = {};
};

struct Reading {
  std::vector<Assignment> assignments = {};
  /// The first 50.
  std::vector<Fault> faults = {};
  /// How many there are.
  std::size_t fault_count = 0;
  /// What to do about them.
  std::string_view hint = {};
};

/// There is no standard, and the tools differ. Where they agree, so does this; where one of them would silently drop a
/// line or change a value that another keeps, this reads it as it stands or calls it a fault: see
/// tests/unit/env/dotenv_cases.txt, case by case, with what python-dotenv does.
Reading read(std::string_view text);

}  // namespace locket::inline v1::dotenv
