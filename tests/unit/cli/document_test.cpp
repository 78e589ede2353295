#include "cli/document.hpp"

#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "cli/failure.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace locket::cli;

// The format's name, or "?" when nothing tells it.
std::string format_of(const std::string& file, const std::string& format, const std::string& result = {}) {
  const TemporaryFolder folder;
  const std::string path = folder.path(file);
  std::ofstream(path) << "x";
  const auto document = read_document(path, format, result);
  if (document) CHECK(document->name == path);
  return document ? std::string(document->format->name()) : "?";
}

TEST_CASE("a document's format is what its name says") {
  CHECK(format_of("a.json", "auto") == "json");
  CHECK(format_of("a.yaml", "auto") == "yaml");
  CHECK(format_of("a.yml", "") == "yaml");
  CHECK(format_of("a.toml", "auto") == "toml");
  CHECK(format_of(".env", "auto") == "dotenv");
  CHECK(format_of(".env.local", "auto") == "dotenv");
  CHECK(format_of("a.txt", "auto") == "text");
}

TEST_CASE("the format that is given comes before the name") {
  CHECK(format_of("a.json", "yaml") == "yaml");
  CHECK(format_of("a.conf", "env") == "dotenv");
  CHECK(format_of("a.json", "text", "a.yaml") == "text");
}

TEST_CASE("where the name says nothing the result's may") {
  CHECK(format_of("a.conf", "auto") == "?");
  CHECK(format_of("a.yaml.tpl", "auto", "folder.json/a.yaml") == "yaml");
  CHECK(format_of("a.conf", "auto", "folder.json/a") == "?");
  CHECK(format_of("a.json", "auto", "a.yaml") == "json");
}

TEST_CASE("of a document that cannot be had the reason is told") {
  const TemporaryFolder folder;
  CHECK(read_document(folder.path("a.json"), "auto").error().code() == locket::ErrorCode::NotFound);
  // Before anything is read.
  CHECK(read_document(folder.path("a.conf"), "auto").error().reason() == "cli.usage");
  CHECK(read_document("-", "auto").error().reason() == "cli.usage");
}

}  // namespace
