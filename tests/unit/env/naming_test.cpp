#include "env/naming.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace {

using locket::ErrorCode;
using locket::NameView;
using locket::env::Naming;

std::string variable(const std::string& prefix, std::string_view name) {
  return Naming::make(prefix, {}).value().variable(NameView::parse(name).value());
}

// What the variable is told as; empty when it is not the store's.
std::string name(const Naming& naming, std::string_view of) {
  const auto name = naming.name(of);
  return name ? name->text() : "";
}

locket::Error refused(const std::string& prefix, const std::vector<std::string>& names) {
  const auto naming = Naming::make(prefix, names);
  REQUIRE_FALSE(naming);
  CHECK(naming.error().code() == ErrorCode::InvalidArgument);
  return naming.error();
}

}  // namespace

TEST_CASE("a name means the prefix and itself in upper case, with '_' for the rest") {
  struct Row {
    std::string prefix;
    std::string name;
    std::string variable;
  };
  const std::vector<Row> rows{
      {"", "openai/api_key", "OPENAI_API_KEY"},
      {"MYAPP_", "openai/api_key", "MYAPP_OPENAI_API_KEY"},
      {"myApp", "a", "myAppA"},
      {"", "a", "A"},
      {"", "A", "A"},
      {"", "a-b", "A_B"},
      {"", "a_b", "A_B"},
      {"", "a.b+c=d@e!f:g", "A_B_C_D_E_F_G"},
      {"", "db/eu/password1", "DB_EU_PASSWORD1"},
      {"", "1password", "1PASSWORD"},
      {"", "-", "_"},
      {"", "arn:aws:x/y-AbCdEf", "ARN_AWS_X_Y_ABCDEF"},
  };
  for (const Row& row : rows) CHECK(variable(row.prefix, row.name) == row.variable);
  CHECK(variable("P_", std::string(512, 'x')) == "P_" + std::string(512, 'X'));
}

TEST_CASE("without declared names a variable is told in lower case, and that name means it") {
  const auto naming = Naming::make("APP_", {}).value();
  CHECK(name(naming, "APP_OPENAI_API_KEY") == "openai_api_key");
  CHECK(name(naming, "APP_1") == "1");
  CHECK(name(naming, "APP__") == "_");
  CHECK(name(naming, "APP_" + std::string(512, 'X')) == std::string(512, 'x'));
  for (const char* known : {"APP_OPENAI_API_KEY", "APP_1", "APP__"}) {
    CHECK(naming.variable(*naming.name(known)) == known);
    CHECK_FALSE(naming.is_unaddressable(known));
  }
}

TEST_CASE("a variable that no name means is unaddressable, one without the prefix is not the store's") {
  const auto naming = Naming::make("APP_", {}).value();
  for (const std::string& strange : {std::string("APP_"), std::string("APP_a"), std::string("APP_A.B"),
                                     std::string("APP_\xC3\xA4"), "APP_" + std::string(513, 'X')}) {
    CAPTURE(strange);
    CHECK(name(naming, strange).empty());
    CHECK(naming.is_unaddressable(strange));
  }
  for (const char* foreign : {"", "APP", "PATH", "app_A", "XAPP_A"}) {
    CAPTURE(foreign);
    CHECK(name(naming, foreign).empty());
    CHECK_FALSE(naming.is_unaddressable(foreign));
  }
}

TEST_CASE("declared names are told as they are, and no others are served") {
  const auto naming = Naming::make("APP_", {"a/b_c", "Db/password", "a/b_c"}).value();
  CHECK(naming.declared().size() == 2);
  CHECK(name(naming, "APP_A_B_C") == "a/b_c");
  CHECK(name(naming, "APP_DB_PASSWORD") == "Db/password");
  CHECK(name(naming, "APP_OTHER").empty());
  CHECK_FALSE(naming.is_unaddressable("APP_other"));

  CHECK(naming.serves(NameView::parse("a/b_c").value()));
  for (const char* lookalike : {"a_b/c", "a_b_c", "A/B_C", "db/password", "other"}) {
    CAPTURE(lookalike);
    CHECK_FALSE(naming.serves(NameView::parse(lookalike).value()));
  }
}

TEST_CASE("declared names that mean the same variable are refused, all of them at once") {
  const auto error = refused("APP_", {"a/b_c", "x", "a_b/c", "y-z", "A-B-C", "y_z"});
  CHECK(error.reason() == "env.collision");
  CHECK(error.message() ==
        "names collide: 'a/b_c' and 'a_b/c' both mean APP_A_B_C; 'a/b_c' and 'A-B-C' both mean APP_A_B_C; "
        "'y-z' and 'y_z' both mean APP_Y_Z");
  CHECK(refused("", {"a-b", "a_b"}).message() == "names collide: 'a-b' and 'a_b' both mean A_B");
}

TEST_CASE("a declared name that is none is refused, and the message says which") {
  const auto error = refused("", {"fine", "a//b"});
  CHECK(error.message() == "names[1]: the name has an empty segment at byte 2");
  CHECK_FALSE(error.hint().empty());
}

TEST_CASE("a prefix is letters, digits and '_'") {
  for (const char* prefix : {"MY-APP_", "MY APP", "A=", "\xC3\x84_", "A/", "A\n"}) {
    CAPTURE(prefix);
    CHECK(refused(prefix, {}).reason() == "env.prefix");
  }
  CHECK(refused(std::string("A\0", 2), {}).reason() == "env.prefix");
  CHECK(Naming::make("my_App2", {}));
}
