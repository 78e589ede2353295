#include <cstdlib>

#include "local_test.hpp"

using namespace local_test;

namespace {

Registry registry() {
  Registry result;
  local::add_schemes(result);
  return result;
}

}  // namespace

TEST_CASE("a URL names file and key") {
  Folder folder;
  put(created(folder), "a", "1");
  const std::string url = "local:" + folder.file("store.db");
  const std::string key = "?key-file=" + folder.file("store.db.key");
  CHECK(get(must(registry().open(url + key)), "a") == "1");
  const Store three = must(registry().open(url + key + "&history=3&enforce-expiry=false&max-kdf-memory=64"));
  CHECK(three->capabilities().max_versions == 3);
  CHECK_FALSE(three->settings().enforce_expiry);
  CHECK(reason(registry().open(url + key + "&anchor=" + folder.file("anchor"))) == "local.anchor_missing");
  CHECK(registry().open(url + key + "&key-file-policy=mounted").ok());

  CHECK(reason(registry().open(url)) == "local.option");
  CHECK(reason(registry().open(url + key + "&key-env=X")) == "local.option");
  CHECK(reason(registry().open(url + key + "&key-file-policy=any")) == "local.option");
  CHECK_FALSE(registry().open(url + key + "&history=0").ok());
  CHECK_FALSE(registry().open(url + key + "&colour=red").ok());
  CHECK(reason(registry().open("local://host/x" + key)) == "local.option");
  CHECK(reason(registry().open(url + "?key-env=LOCKET_TEST_NOT_SET")) == "local.key_variable_missing");
  CHECK(reason(registry().open(url + "?passphrase-env=LOCKET_TEST_NOT_SET")) == "local.wrong_key_kind");
}

TEST_CASE("without a path it is the default store") {
  Folder folder;
  ::setenv("XDG_DATA_HOME", folder.file("data").c_str(), 1);
  ::setenv("XDG_CONFIG_HOME", folder.file("config").c_str(), 1);
  CHECK(reason(registry().open("local:")) == "local.no_store");
  CHECK(contents(folder.path()).empty());
  local::Options how;
  how.path = folder.file("data/locket/store.db");
  how.key = local::KeyFile{.path = folder.file("config/locket/key")};
  put(must(local::create(std::move(how))), "a", "1");
  CHECK(get(must(registry().open("local:")), "a") == "1");
  ::unsetenv("XDG_DATA_HOME");
  ::unsetenv("XDG_CONFIG_HOME");
}
