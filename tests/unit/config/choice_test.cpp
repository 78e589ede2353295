#include <locket/config/choice.hpp>

#include <string>

#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

#include "unit/config/folder.hpp"
#include "unit/config/schemes.hpp"

using namespace locket;
using config::Selection;
using config::Variables;
using locket_test::Folder;

namespace {

const std::string two_stores = R"(
default = "dev"
stores.dev.url = "local:/dev.db"
stores.prod.url = "vault://v/secret"
[environments.production]
default = "prod"
)";

std::string url(const Selection& selection) {
  const auto choice = config::choose(locket_test::schemes(), selection);
  return choice ? choice->url : choice.error().to_string();
}
std::string reason(const Selection& selection) {
  const auto choice = config::choose(locket_test::schemes(), selection);
  return choice ? choice->reason : choice.error().to_string();
}

}  // namespace

TEST_CASE("the store is the first that is chosen: caller, variable, file, local") {
  const Folder folder;
  const std::string file = folder.write("c.toml", two_stores);
  const Variables all{{"LOCKET_STORE", "env:?prefix=A"}, {"LOCKET_CONFIG", file}, {"VAULT_ADDR", "https://elsewhere"}};
  const Variables no_store{{"LOCKET_CONFIG", file}, {"VAULT_ADDR", "https://elsewhere"}};
  const Variables nothing{{"VAULT_ADDR", "https://elsewhere"}};

  CHECK(url({.store = "memory:", .variables = all}) == "memory:");
  CHECK(reason({.store = "memory:", .variables = all}) == "the URL is asked for");
  CHECK(url({.store = "prod", .variables = all}) == "vault://v/secret");
  CHECK(reason({.store = "prod", .variables = all}) == "'prod' is asked for, and in " + file);
  CHECK(url({.variables = all}) == "env:?prefix=A");
  CHECK(reason({.variables = all}) == "the URL is named by $LOCKET_STORE");
  CHECK(url({.variables = no_store}) == "local:/dev.db");
  CHECK(reason({.variables = no_store}) == "'dev' is the default in " + file);
  CHECK(url({.variables = nothing}) == "local:");
  CHECK(reason({.variables = nothing}) == "nothing else is chosen, so it is the default local store");
}

TEST_CASE("$LOCKET_STORE may be an alias") {
  const Folder folder;
  const std::string file = folder.write("c.toml", two_stores);
  const auto choice = config::choose(locket_test::schemes(),
                                     {.variables = Variables{{"LOCKET_STORE", "prod"}, {"LOCKET_CONFIG", file}}});
  REQUIRE(choice);
  CHECK(choice->alias == "prod");
  CHECK(choice->reason == "'prod' is named by $LOCKET_STORE, and in " + file);
  CHECK(choice->place == Place{.file = file, .line = 4, .column = 8, .path = "stores.prod"});
  REQUIRE(choice->config);
  CHECK(choice->config->stores().size() == 2);
}

TEST_CASE("the environment is the caller's, then $LOCKET_ENVIRONMENT's") {
  const Folder folder;
  const std::string file = folder.write("c.toml", two_stores);
  CHECK(url({.file = file, .environment = "production", .variables = Variables()}) == "vault://v/secret");
  const Selection by_variable{.file = file, .variables = Variables{{"LOCKET_ENVIRONMENT", "production"}}};
  CHECK(url(by_variable) == "vault://v/secret");
  CHECK(reason(by_variable) == "'prod' is the default of the environment 'production' in " + file);
}

TEST_CASE("the configuration file is the caller's, then $LOCKET_CONFIG's, then the one at the default place") {
  const Folder folder;
  const std::string one = folder.write("1.toml", "default = 'a'\nstores.a.url = 'env:?prefix=1'");
  const std::string two = folder.write("2.json", R"({"default": "a", "stores": {"a": {"url": "env:?prefix=2"}}})");
  folder.write("xdg/locket/config.toml", "default = 'a'\nstores.a.url = 'env:?prefix=3'");
  folder.write("home/.config/locket/config.toml", "default = 'a'\nstores.a.url = 'env:?prefix=4'");
  Variables variables{{"LOCKET_CONFIG", two}, {"XDG_CONFIG_HOME", folder / "xdg"}, {"HOME", folder / "home"}};
  CHECK(url({.file = one, .variables = variables}) == "env:?prefix=1");
  CHECK(url({.variables = variables}) == "env:?prefix=2");
  variables["LOCKET_CONFIG"] = "";
  CHECK(url({.variables = variables}) == "env:?prefix=3");
  variables["XDG_CONFIG_HOME"] = "relative";
  CHECK(url({.variables = variables}) == "env:?prefix=4");
  variables["HOME"] = folder / "nobody";
  CHECK(url({.variables = variables}) == "local:");
}

TEST_CASE("a file that is named must be there and be right, even when it is not needed") {
  const Folder folder;
  const std::string bad = folder.write("bad.toml", "stores.a.url = 'env:?flie=x'");
  const Registry registry = locket_test::schemes();
  for (const Selection& selection : {Selection{.store = "env:", .file = bad, .variables = Variables()},
                                     Selection{.store = "env:", .variables = Variables{{"LOCKET_CONFIG", bad}}}}) {
    const auto choice = config::choose(registry, selection);
    REQUIRE_FALSE(choice);
    CHECK(choice.error().causes().at(0).reason() == "config.option");
  }
  CHECK(config::choose(registry, {.file = folder / "none", .variables = Variables()}).error().code() ==
        ErrorCode::NotFound);
  CHECK(config::choose(registry, {.variables = Variables{{"LOCKET_CONFIG", folder / "none"}}}).error().code() ==
        ErrorCode::NotFound);
}

TEST_CASE("a file at the default place is read when it is needed, and then it must be right") {
  const Folder folder;
  const std::string bad = folder.write("locket/config.toml", "nonsense");
  const Variables variables{{"XDG_CONFIG_HOME", folder.path()}};
  CHECK(url({.store = "env:", .variables = variables}) == "env:");
  CHECK(url({.variables = variables}).starts_with(bad));
  CHECK(url({.store = "a", .variables = variables}).starts_with(bad));
  REQUIRE(::chmod(bad.c_str(), 0666) == 0);
  CHECK(config::find_config(locket_test::schemes(), {.variables = variables}).error().code() ==
        ErrorCode::PermissionDenied);
}

TEST_CASE("find_config finds the file that choose would read") {
  const Folder folder;
  const std::string file = folder.write("locket/config.toml", two_stores);
  const auto found =
      config::find_config(locket_test::schemes(), {.variables = Variables{{"XDG_CONFIG_HOME", folder.path()}}});
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->file() == file);
  const auto none = config::find_config(locket_test::schemes(), {.variables = Variables()});
  REQUIRE(none);
  CHECK_FALSE(*none);
}

TEST_CASE("what is chosen and cannot be") {
  const Folder folder;
  const Variables variables{{"XDG_CONFIG_HOME", folder.path()}};
  const std::string where = folder / "locket/config.toml";
  CHECK(url({.store = "prod", .variables = variables}) ==
        "there is no configuration file to say what 'prod' is; hint: give a URL, such as env:?prefix=MYAPP_, or write "
        "aliases into " +
            where);
  CHECK(url({.store = "hunter2!", .variables = variables}).find("hunter2") == std::string::npos);
  CHECK(url({.store = "auto", .variables = variables}).find("set LOCKET_STORE=auto") != std::string::npos);
  CHECK(url({.store = "valut://v/secret", .variables = variables}).find("did you mean 'vault'?") != std::string::npos);

  Registry without_local;
  without_local.add({.name = "env"});
  const auto choice = config::choose(without_local, {.variables = variables});
  CHECK(choice.error().reason() == "config.no_choice");

  const std::string file = folder.write("c.toml", "default = 'a'\nstores.a.url = 'gone:'");
  CHECK(url({.file = file, .variables = variables}).starts_with(file + ":2:8: stores.a: no store is known for"));
}

TEST_CASE("detection takes the first that can be opened, and says what it saw") {
  const Folder folder;
  folder.write("locket/store.db", "");
  const Selection selection{.variables = Variables{{"LOCKET_STORE", "auto"},
                                                   {"XDG_DATA_HOME", folder.path()},
                                                   {"AWS_PROFILE", "p"},
                                                   {"AZURE_CLIENT_ID", "c"},
                                                   {"VAULT_ADDR", "https://vault.example:8200/"}}};
  const auto choice = config::choose(locket_test::schemes(), selection);
  REQUIRE(choice);
  CHECK(choice->url == "vault://vault.example:8200/secret");
  CHECK(choice->alias.empty());
  CHECK(choice->reason.starts_with(
      "LOCKET_STORE=auto found: VAULT_ADDR is set; AWS_PROFILE is set, but this program has no store for 'aws:' URLs; "
      "AZURE_CLIENT_ID is set, but AZURE_KEYVAULT_URL does not say which vault; "));
  CHECK(choice->reason.ends_with("there is a default local store; the first that can be opened is taken"));
  REQUIRE(choice->candidates.size() >= 4);
  CHECK(choice->candidates.back().url == "local:");
}

TEST_CASE("what detection looks for") {
  Registry registry = locket_test::schemes();
  for (const char* name : {"aws", "azure", "dir", "vault+http"}) registry.add({.name = name});
  const auto seen = [&](const std::string& name, const std::string& value) {
    const auto choice = config::choose(registry, {.variables = Variables{{"LOCKET_STORE", "auto"}, {name, value}}});
    return choice ? choice->candidates.front().url : choice.error().to_string();
  };
  CHECK(seen("VAULT_ADDR", "http://127.0.0.1:8200") == "vault+http://127.0.0.1:8200/secret");
  CHECK(seen("AWS_ACCESS_KEY_ID", "id") == "aws:");
  CHECK(seen("AWS_WEB_IDENTITY_TOKEN_FILE", "/f") == "aws:");
  CHECK(seen("AZURE_KEYVAULT_URL", "https://myvault.vault.azure.net/") == "azure://myvault.vault.azure.net");
  if (std::filesystem::exists("/run/secrets")) SKIP("because this machine has a /run/secrets, which comes first");
  CHECK(seen("CREDENTIALS_DIRECTORY", "/run/credentials/a b%") == "dir:/run/credentials/a%20b%25");
  CHECK(seen("HOME", "/nonexistent").find("LOCKET_STORE=auto found no store; hint: ") == 0);
  for (const char* bad : {"vault.example", "https://", "https://v/path", "https://me:hunter2@v"}) {
    const std::string told = seen("VAULT_ADDR", bad);
    CHECK(told.find("LOCKET_STORE=auto found no store: VAULT_ADDR is set, but ") == 0);
    CHECK(told.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("the default store is opened, and its errors have the place of the file") {
  const Folder folder;
  const std::string file = folder.write("c.toml", two_stores);
  std::string opened;
  Registry registry = locket_test::schemes(&opened);
  const Selection selection{.file = file, .variables = Variables()};
  REQUIRE(config::open_default(registry, selection));
  CHECK(opened == "local:/dev.db");

  registry.add({.name = "local", .open = [](const StoreUrl&, const StoreSettings&) {
                  return Result<std::shared_ptr<SecretStore>>(Error({.code = ErrorCode::Integrity, .message = "no"}));
                }});
  const auto failed = config::open_default(registry, selection);
  CHECK(failed.error().code() == ErrorCode::Integrity);
  CHECK(failed.error().to_string() == file + ":3:8: stores.dev: no");
}
