#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

#include <locket/backends/memory.hpp>
#include <locket/resolver/resolver.hpp>

using namespace locket;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "locket-resolver-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

Resolver resolver_with(ResolverOptions options = {}) {
  auto store = *memory::open();
  REQUIRE(store->put("x", SecretData::bytes("a \"b\"")));
  return *Resolver::create(store, std::move(options));
}

void check_error(const Result<Resolved>& resolved, ErrorCode code, std::string_view reason) {
  REQUIRE_FALSE(resolved);
  CHECK(resolved.error().code() == code);
  CHECK(resolved.error().reason() == reason);
}

}  // namespace

TEST_CASE("a file's name tells its format") {
  const Folder folder;
  const Resolver resolver = resolver_with();
  CHECK(resolver.resolve_file(folder.write("a.json", "\"$<secret:x>\""))->expose() == "\"a \\\"b\\\"\"");
  CHECK(resolver.resolve_file(folder.write("a.env", "A=$<secret:x>"))->expose() == "A='a \"b\"'");
  CHECK(resolver.resolve_file(folder.write(".env", "A=$<secret:x>"))->expose() == "A='a \"b\"'");
  CHECK(resolver.resolve_file(folder.write(".env.production", "A=$<secret:x>"))->expose() == "A='a \"b\"'");
  CHECK(resolver.resolve_file(folder.write("a.txt", "<$<secret:x>>"))->expose() == "<a \"b\">");
}

TEST_CASE("a name that tells no format is refused, with those that there are") {
  const Folder folder;
  auto resolved = resolver_with().resolve_file(folder.write("a.ini", "x"));
  check_error(resolved, ErrorCode::InvalidArgument, "resolver.format");
  CHECK(resolved.error().message() == "the name of 'a.ini' tells no format");
  CHECK(resolved.error().hint().starts_with("known are: json, dotenv, text;"));
}

TEST_CASE("a file that is unchanged outlives the call all the same") {
  const Folder folder;
  auto resolved = resolver_with().resolve_file(folder.write("a.json", "{\"a\": 1}"));
  REQUIRE(resolved);
  CHECK_FALSE(resolved->changed());
  CHECK(resolved->expose() == "{\"a\": 1}");
  CHECK(std::move(*resolved).take().expose() == "{\"a\": 1}");
}

TEST_CASE("errors of a file name it") {
  const Folder folder;
  const Resolver resolver = resolver_with();
  const std::string path = folder.write("a.json", "{\"a\":\n  \"$<secret:y>\"}");
  auto resolved = resolver.resolve_file(path);
  REQUIRE_FALSE(resolved);
  CHECK(resolved.error().causes().at(0).place() == Place{.file = path, .line = 2, .column = 4, .path = "a"});
  auto checked = resolver.check_file(path);
  REQUIRE_FALSE(checked);
  CHECK(checked.error().causes().at(0).place()->file == path);
  auto values = resolver.resolve_values_of_file(path);
  REQUIRE_FALSE(values);
  CHECK(values.error().causes().at(0).place()->file == path);
  auto broken = resolver.resolve_file(folder.write("b.json", "{"));
  REQUIRE_FALSE(broken);
  CHECK(broken.error().place() == Place{.file = folder.path("b.json"), .line = 1, .column = 2});
}

TEST_CASE("only regular files are read") {
  const Folder folder;
  const Resolver resolver = resolver_with();
  check_error(resolver.resolve_file(folder.path("none.json")), ErrorCode::NotFound, "resolver.file");
  std::filesystem::create_directory(folder.path("d.json"));
  check_error(resolver.resolve_file(folder.path("d.json")), ErrorCode::InvalidArgument, "resolver.file");
  REQUIRE(::mkfifo(folder.path("p.json").c_str(), 0600) == 0);
  check_error(resolver.resolve_file(folder.path("p.json")), ErrorCode::InvalidArgument, "resolver.file");
  check_error(resolver.resolve_file(std::string("a\0.json", 7)), ErrorCode::InvalidArgument, "resolver.file");
}

TEST_CASE("a file that may not be read is refused as such", "[unprivileged]") {
  const Folder folder;
  const std::string path = folder.write("a.json", "{}");
  REQUIRE(::chmod(path.c_str(), 0) == 0);
  check_error(resolver_with().resolve_file(path), ErrorCode::PermissionDenied, "resolver.file");
}

TEST_CASE("a file is read as far as the cap allows") {
  const Folder folder;
  const Resolver resolver = resolver_with({.max_input = 10});
  CHECK(resolver.resolve_file(folder.write("a.txt", "0123456789")));
  check_error(resolver.resolve_file(folder.write("b.txt", "0123456789a")), ErrorCode::LimitExceeded,
              "resolver.too_large");
  CHECK(resolver.resolve_file(folder.write("empty.txt", ""))->expose().empty());
}
