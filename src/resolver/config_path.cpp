#include "resolver/config_path.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/printable.hpp"

namespace locket::inline v1::resolver {
namespace {

class PathParser {
 public:
  explicit PathParser(std::string_view text) : text_(text) {}

  Result<Path> run() {
    Path path;
    while (at_ < text_.size()) {
      if (!(text_[at_] == '[' ? index(path) : key(path))) return bad();
    }
    return path;
  }

 private:
  bool index(Path& path) {
    const char* const begin = text_.data() + at_ + 1;
    const char* const end = text_.data() + text_.size();
    std::size_t number = 0;
    const auto [stop, error] = std::from_chars(begin, end, number);
    if (error != std::errc() || stop == end || *stop != ']' || (*begin == '0' && stop - begin > 1)) return false;
    at_ = static_cast<std::size_t>(stop - text_.data()) + 1;
    path.emplace_back(number);
    return true;
  }

  bool key(Path& path) {
    if (!path.empty() && text_[at_++] != '.') return false;
    if (at_ < text_.size() && text_[at_] == '"') return quoted(path);
    const std::size_t end = std::min(text_.find_first_of(".[]\"", at_), text_.size());
    if (end == at_) return false;
    path.emplace_back(std::string(text_.substr(at_, end - at_)));
    at_ = end;
    return true;
  }

  bool quoted(Path& path) {
    std::string key;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        path.emplace_back(std::move(key));
        return true;
      }
      if (text_[at_] == '\\') ++at_;
      if (at_ == text_.size()) return false;
      key += text_[at_];
    }
    return false;
  }

  Error bad() const {
    return Error({.code = ErrorCode::InvalidArgument,
                  .reason = "config.path",
                  .message = fmt::format("'{}' is no path", printable(text_)),
                  .hint = "write db.port, servers[0].host, or \"a.b\".c for a key with a dot"});
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Path> parse_path(std::string_view text) {
  return PathParser(text).run();
}

Path joined(const Path& base, const Path& rest) {
  Path path = base;
  path.insert(path.end(), rest.begin(), rest.end());
  return path;
}

bool is_within(const Path& prefix, const Path& path) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

}  // namespace locket::inline v1::resolver
