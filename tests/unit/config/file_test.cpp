#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <locket/config/store_config.hpp>

#include "unit/config/folder.hpp"
#include "unit/config/schemes.hpp"

using namespace locket;
using locket_test::Folder;

namespace {

const config::LoadOptions no_variables{.variables = config::Variables()};

Error refused(const std::string& path) {
  const auto loaded = config::StoreConfig::load(path, no_variables);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().reason() == "config.file");
  REQUIRE(loaded.error().place());
  CHECK(loaded.error().place()->file == path);
  return loaded.error();
}

}  // namespace

TEST_CASE("a file's name says whether it is JSON") {
  const Folder folder;
  const std::string json = folder.write("a.json", R"({"stores": {"a": {"url": "env:"}}})");
  const std::string toml = folder.write("a.conf", "stores.a.url = 'env:'");
  for (const std::string& path : {json, toml}) {
    const auto loaded = config::StoreConfig::load(path, no_variables);
    REQUIRE(loaded);
    CHECK(loaded->file() == path);
    CHECK(loaded->find("a")->url == "env:");
    CHECK(loaded->find("a")->place.file == path);
  }
}

TEST_CASE("a file that is not there, is no file, or cannot be read") {
  const Folder folder;
  CHECK(refused(folder / "none.toml").code() == ErrorCode::NotFound);
  CHECK(refused(folder.write("f", "") + "/none.toml").code() == ErrorCode::NotFound);
  CHECK(refused(folder.path()).code() == ErrorCode::InvalidArgument);
  CHECK(refused("/dev/null").code() == ErrorCode::InvalidArgument);
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(refused(folder / "pipe").code() == ErrorCode::InvalidArgument);
  REQUIRE(::symlink("loop", (folder / "loop").c_str()) == 0);
  CHECK(refused(folder / "loop").code() == ErrorCode::InvalidArgument);
  const auto with_nul = config::StoreConfig::load(std::string("a\0b", 3), no_variables);
  CHECK(with_nul.error().code() == ErrorCode::InvalidArgument);
}

TEST_CASE("a file that this user may not read") {
  if (::geteuid() == 0) SKIP("because root may read every file");
  const Folder folder;
  const std::string path = folder.write("a.toml", "");
  REQUIRE(::chmod(path.c_str(), 0) == 0);
  CHECK(refused(path).code() == ErrorCode::PermissionDenied);
}

TEST_CASE("a file that every user may write is refused, whatever is in it") {
  const Folder folder;
  const std::string path = folder.write("a.toml", "not TOML either");
  REQUIRE(::chmod(path.c_str(), 0666) == 0);
  const Error error = refused(path);
  CHECK(error.code() == ErrorCode::PermissionDenied);
  CHECK(error.hint().find("chmod o-w") != std::string::npos);
  REQUIRE(::chmod(path.c_str(), 0664) == 0);
  CHECK(config::StoreConfig::load(path, no_variables).error().reason() == "config.invalid");
}

TEST_CASE("a file may have 1 MiB") {
  const Folder folder;
  const std::string name = GENERATE("a.toml", "a.json");
  const std::string start = name == "a.json" ? "{}" : "";
  const std::string filled = start + std::string((std::size_t{1} << 20U) - start.size(), '\n');
  CHECK(config::StoreConfig::load(folder.write(name, filled), no_variables));
  CHECK(refused(folder.write(name, filled + '\n')).code() == ErrorCode::LimitExceeded);
}

// What a file of the largest size can ask of the parsers; without limits they overflow the stack, or take minutes.
TEST_CASE("a file of the largest size is refused in good time") {
  constexpr std::size_t size = std::size_t{1} << 20U;
  std::string text;
  auto format = config::Format::Toml;
  SECTION("brackets") {
    text = "a = " + std::string(size - 10, '[');
  }
  SECTION("JSON's brackets") {
    text = std::string(size, '[');
    format = config::Format::Json;
  }
  SECTION("dotted keys below each other") {
    while (text.size() < size / 2) text += "[a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a]\n";
  }
  SECTION("inline tables of dotted keys") {
    std::string key = "a";
    for (int i = 0; i < 32; ++i) key += ".a";
    text = "[1]";
    for (int i = 0; i < 120; ++i) text = "[\n{" + key + " = " + text + "}\n]";
    text.insert(0, "a = ");
  }
  SECTION("many keys in one line of JSON") {
    format = config::Format::Json;
    text = "{\"x\":1";
    while (text.size() < size) text += ",\"k" + std::to_string(text.size()) + "\":1";
    text += '}';
  }
  const auto loaded = config::StoreConfig::parse(text, format, "f", no_variables);
  CHECK_FALSE(loaded);
}

TEST_CASE("stores are opened by alias and by URL") {
  std::string opened;
  const Registry registry = locket_test::schemes(&opened);
  const auto loaded = config::StoreConfig::parse("stores.prod.url = 'vault://v/secret'\nstores.eu.url = 'gone:'",
                                                 config::Format::Toml, "f.toml", no_variables);
  REQUIRE(loaded);
  CHECK(loaded->open(registry, "prod"));
  CHECK(opened == "vault:v/secret");
  CHECK(loaded->open(registry, "env:"));
  CHECK(opened == "env:");

  const auto unknown = loaded->open(registry, "prdo");
  CHECK(unknown.error().to_string() ==
        "f.toml: the configuration file has no store 'prdo'; hint: did you mean 'prod'? known are: eu, prod");
  CHECK(unknown.error().reason() == "config.no_store");
  CHECK(loaded->open(registry, "hunter2!").error().to_string().find("hunter2") == std::string::npos);
  CHECK(loaded->open(registry, "eu").error().to_string().starts_with("f.toml:2:8: stores.eu: no store is known"));
}
