#include <locket/suggest.hpp>

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace locket;

TEST_CASE("the nearest within two edits is suggested, nothing further away") {
  const std::vector<std::string> names{"db/password", "db/passport", "api/key", "env"};
  CHECK(suggest("db/pasword", names) == "db/password");
  CHECK(suggest("db/passwrod", names) == "db/password");
  CHECK(suggest("evn", names) == "env");
  CHECK_FALSE(suggest("db/pass", names));
  CHECK_FALSE(suggest("xyz", names));
  CHECK_FALSE(suggest("", names));
  CHECK_FALSE(suggest(std::string(600, 'a'), names));
  CHECK(suggestion_hint("evn", names).starts_with("did you mean 'env'? known are: "));
}
