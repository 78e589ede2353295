#include "unit/resolver/case_file.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace locket_test {
namespace {

using namespace std::string_view_literals;

constexpr std::array pictures{std::pair{"␍"sv, "\r"sv},     std::pair{"␊"sv, "\n"sv},
                              std::pair{"␉"sv, "\t"sv},     std::pair{"␣"sv, " "sv},
                              std::pair{"␀"sv, "\0"sv},     std::pair{"␛"sv, "\x1b"sv},
                              std::pair{"␡"sv, "\x7f"sv},   std::pair{"‹BOM›"sv, "\xEF\xBB\xBF"sv},
                              std::pair{"‹FF›"sv, "\xFF"sv}};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

[[noreturn]] void refuse(const std::string& path, std::size_t line, const std::string& what) {
  throw std::runtime_error(path + ":" + std::to_string(line) + ": " + what);
}

class CaseReader {
 public:
  explicit CaseReader(const std::string& path) : path_(path) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) lines_.push_back(line);
  }

  std::vector<Case> run() {
    Case shared{.file = std::filesystem::path(path_).filename().string()};
    while (!done() && !is_title()) setting(shared);
    std::vector<Case> cases;
    while (!done()) cases.push_back(one(shared));
    return cases;
  }

 private:
  bool done() const { return at_ == lines_.size(); }
  const std::string& line() const { return lines_[at_]; }
  bool is_title() const { return line().starts_with("== "); }

  Case one(const Case& shared) {
    Case made = shared;
    made.line = at_ + 1;
    made.title = line().substr(3);
    ++at_;
    while (!done() && !line().starts_with("<< ")) {
      if (is_title()) refuse(path_, at_, "the case has no input");
      setting(made);
    }
    if (done()) refuse(path_, at_, "the case has no input");
    made.format = line().substr(3);
    ++at_;
    made.input = block(">>");
    if (done()) refuse(path_, at_, "the case has no output");
    made.fails = line() == ">> errors";
    if (!made.fails && line() != ">>") refuse(path_, at_ + 1, "'>>' or '>> errors' is expected");
    ++at_;
    made.expected = made.fails ? errors() : block("== ", true);
    return made;
  }

  // Up to the line that begins with `end`; blank lines before the next case belong to nothing.
  std::string block(std::string_view end, bool to_end_of_file = false) {
    std::string text;
    std::size_t blank = 0;
    for (; !done() && !line().starts_with(end) && !(to_end_of_file && line().starts_with("# ----")); ++at_) {
      blank = line().empty() && to_end_of_file ? blank + 1 : 0;
      text += line() + '\n';
    }
    text.resize(text.size() - blank);
    skip_comments();
    text = unpictured(std::move(text));
    return text.substr(0, text.find("‹end›"));
  }

  std::string errors() {
    std::string text;
    for (; !done() && !is_title(); ++at_) {
      if (!line().empty() && !line().starts_with('#')) text += line() + '\n';
    }
    return text;
  }

  void skip_comments() {
    while (!done() && (line().starts_with("# ----") || (line().empty() && !at_case_part()))) ++at_;
  }
  bool at_case_part() const { return line().starts_with(">>") || is_title(); }

  void setting(Case& made) {
    const std::string text = line();
    ++at_;
    if (text.empty() || text.starts_with('#')) return;
    const std::size_t space = text.find(' ');
    const std::string word = text.substr(0, space);
    const std::string rest = space == std::string::npos ? "" : text.substr(space + 1);
    const std::size_t equals = rest.find(" = ");
    const std::string name = rest.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : unpictured(rest.substr(equals + 3));
    if (word == "braces") {
      made.braces = true;
    } else if (word == "env") {
      made.environment[name] = value;
    } else {
      add_secret(made, word, name, value);
    }
  }

  void add_secret(Case& made, const std::string& kind, const std::string& name, const std::string& value) {
    const std::size_t separator = name.find("://");
    const bool has_alias = separator != std::string::npos;
    made.secrets.push_back({.kind = kind,
                            .alias = has_alias ? name.substr(0, separator) : "",
                            .name = has_alias ? name.substr(separator + 3) : name,
                            .value = value});
  }

  std::string path_;
  std::vector<std::string> lines_;
  std::size_t at_ = 0;
};

}  // namespace

std::string unpictured(std::string text) {
  for (const auto& [picture, character] : pictures) text = replaced(std::move(text), picture, character);
  return text;
}

std::string pictured(std::string text) {
  for (const auto& [picture, character] : pictures) {
    if (character != " " && character != "\n") text = replaced(std::move(text), character, picture);
  }
  return text;
}

std::vector<Case> read_case_file(const std::string& path) {
  return CaseReader(path).run();
}

std::vector<Case> read_cases(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path().string());
  }
  std::ranges::sort(paths);
  std::vector<Case> cases;
  for (const std::string& path : paths) std::ranges::move(read_case_file(path), std::back_inserter(cases));
  return cases;
}

}  // namespace locket_test
