#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <locket/error.hpp>

#include "config/node.hpp"

namespace locket::inline v1::config {

/// Where a node stands: its position, and the keys that lead to it.
class Where {
 public:
  explicit Where(Position at, std::string path = {}) : at_(at), path_(std::move(path)) {}

  /// The member of a table; the place is the value's or the key's.
  Where value(const Member& member) const { return Where(member.value.at, below(member.key)); }
  Where key(const Member& member) const { return Where(member.at, below(member.key)); }

  Position at() const { return at_; }
  const std::string& path() const { return path_; }

 private:
  std::string below(std::string_view key) const;

  Position at_;
  std::string path_;
};

/// What is wrong with a file, collected.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  Place place(const Where& where) const;
  void add(const Where& where, std::string_view reason, std::string message, std::string hint);
  /// One that has no place in the file but the file.
  void add_to_file(std::string path, std::string_view reason, std::string message, std::string hint);
  /// An error of another part of locket, which gets this reason and place.
  void add(const Where& where, std::string_view reason, Error error);
  /// A parser's, which has a line and a column.
  void add_syntax(Error error);

  /// All of them in one, in the order of their places; none when there is none.
  std::optional<Error> finish() &&;

 private:
  std::string file_;
  std::vector<Error> causes_;
};

/// "'KEY'", or without a key's text where it is long or cannot be printed as it is.
std::string quoted(std::string_view key);

}  // namespace locket::inline v1::config
