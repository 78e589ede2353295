#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Reads the case files of tests/unit/resolver/cases; README.md there says what stands in them.
namespace locket_test {

/// One secret of a case's stores.
struct CaseSecret {
  std::string kind = {};   ///< "secret", "fields", "deleted", "expired", or the code of the error that reading it gives
  std::string alias = {};  ///< empty: the store without an alias
  std::string name = {};
  std::string value = {};
};

struct Case {
  std::string file = {};
  std::size_t line = 0;
  std::string title = {};
  std::vector<CaseSecret> secrets = {};
  std::map<std::string, std::string, std::less<>> environment = {};
  bool braces = false;
  std::string format = {};
  std::string input = {};
  std::string expected = {};  ///< the document, or the errors' lines
  bool fails = false;
};

/// All cases of the files "*.txt" in a folder, in the order of the files' names.
std::vector<Case> read_cases(const std::string& folder);
/// The cases of one file.
std::vector<Case> read_case_file(const std::string& path);

/// Characters for the pictures that stand for them in a case.
std::string unpictured(std::string text);
/// And back, so that a failed check can be read.
std::string pictured(std::string text);

}  // namespace locket_test
