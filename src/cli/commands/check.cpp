#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include <locket/resolver/resolver.hpp>

#include "../document.hpp"
#include "../failure.hpp"
#include "../program.hpp"
#include "../references.hpp"
#include "../text.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Arguments {
  std::vector<std::string> files = {};
  std::string format = {};
};

void define(CLI::App& command, Arguments& arguments) {
  command.add_option("FILE", arguments.files, "Files with references; - is standard input")->required()->type_name("");
  option::document_format(command, arguments.format)
      ->description("What every FILE is (default: auto, what its name says)");
}

// What nobody may overlook comes first, then what makes all else uncertain; what is not among them comes last.
constexpr std::array gravest_first{7, 4, 6, 5, 2};

bool graver(const Error& left, const Error& right) {
  const auto rank = [](const Error& error) { return std::ranges::find(gravest_first, exit_status(error)); };
  return rank(left) < rank(right);
}

// As compilers and linters tell what they find, so that editors and CI can take it apart; the path within the document
// would stand in the way.
std::string finding(Error error, const std::string& file) {
  if (!error.place()) error.details().place = Place{.file = file};
  error.details().place->path.clear();
  return error.to_string() + '\n';
}

// What was found in all files.
class Findings {
 public:
  void add(const Checked& checked, std::size_t defaulted) {
    references_ += checked.references;
    defaulted_ += defaulted;
    for (const FoundReference& each : checked.unproven) {
      Output::note(fmt::format("{}:{}:{}: {}: the secret is there; whether it has the field only its value can tell",
                               printable(each.place.file), each.place.line, each.place.column,
                               each.reference.to_string()));
    }
  }

  void add(const Error& error, const std::string& file) {
    ++bad_files_;
    const std::vector<Error> alone{error};
    for (const Error& each : error.causes().empty() ? alone : error.causes()) {
      ++problems_;
      text_ += finding(each, file);
      if (!worst_ || graver(each, *worst_)) worst_ = each;
    }
  }

  Result<int> tell(const Output& out, std::size_t files) const {
    if (!worst_) {
      out.say(fmt::format("{} in {} {} there{}", counted(references_, "reference"), counted(files, "file"),
                          references_ == 1 ? "is" : "are", by_default()));
      return 0;
    }
    if (auto written = Output::result(text_); !written) return std::move(written).error();
    const std::string where = files == 1 ? "" : fmt::format(" in {} of {} files", bad_files_, files);
    return Error({.code = worst_->code(),
                  .reason = "cli.check",
                  .message = fmt::format("{}{}", counted(problems_, "problem"), where)});
  }

 private:
  std::string by_default() const {
    if (defaulted_ == 0) return {};
    return fmt::format(", {} by {}", defaulted_, defaulted_ == 1 ? "its default" : "their defaults");
  }

  std::size_t references_ = 0;
  std::size_t defaulted_ = 0;
  std::size_t problems_ = 0;
  std::size_t bad_files_ = 0;
  std::string text_;
  std::optional<Error> worst_;
};

// How many have no secret, and do not need one: what they refer to is looked up without their defaults.
std::size_t count_defaulted(const Resolver& resolver, const Document& document) {
  const auto references = resolver.references(document.text.view(), *document.format, document.name);
  if (!references) return 0;
  std::string text;
  for (const FoundReference& each : *references) {
    if (!each.reference.optional && !each.reference.fallback) continue;
    Reference bare = each.reference;
    bare.optional = false;
    bare.fallback = nullptr;
    text += bare.to_string() + '\n';
  }
  const auto checked = resolver.check(text);
  if (checked) return 0;
  return static_cast<std::size_t>(std::ranges::count(checked.error().causes(), ErrorCode::NotFound, &Error::code));
}

Result<void> check_file(const Resolver& resolver, const std::string& path, const std::string& format,
                        Findings& findings) {
  const auto document = read_document(path, format);
  if (!document) return document.error();
  const auto checked = resolver.check_document(document->text.view(), *document->format, document->name);
  if (!checked) return checked.error();
  findings.add(*checked, count_defaulted(resolver, *document));
  return {};
}

Result<int> run(Session& session, const Arguments& arguments) {
  const auto resolver = make_resolver(session);
  if (!resolver) return resolver.error();
  Findings findings;
  for (const std::string& path : arguments.files) {
    const auto checked = check_file(*resolver, path, arguments.format, findings);
    if (!checked) findings.add(checked.error(), path);
  }
  return findings.tell(session.out, arguments.files.size());
}

}  // namespace

void add_check(Program& program) {
  program.command<Arguments>(program.root(),
                             {.name = "check",
                              .summary = "Look up every reference of files, and tell the bad ones",
                              .example = "locket check app.yaml .env"},
                             define, run);
}

}  // namespace locket::cli
