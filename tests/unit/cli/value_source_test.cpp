#include "cli/value_source.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace {

using namespace locket::cli;

TEST_CASE("a generator's specification") {
  CHECK(parse_password_spec("length=20")->length == 20);
  CHECK(parse_password_spec("length=20")->charset == locket::PasswordSpec{}.charset);
  CHECK(parse_password_spec("charset=hex,length=64")->charset == "0123456789abcdef");
  CHECK(parse_password_spec("charset=hex,length=64")->length == 64);
  CHECK(parse_password_spec("charset=ascii")->charset.size() == 94);
  CHECK(parse_password_spec("length=9,charset=abc,def=ghi")->charset == "abc,def=ghi");
}

TEST_CASE("what is no specification is refused") {
  const auto* text = GENERATE("", "20", "length", "length=", "length=x", "length=-1", "length=9,", "length=9,length=9",
                              "charset=hex,length=9,length=9", "size=9", "length=99999999999999999999");
  INFO(text);
  CHECK(!parse_password_spec(text));
}

}  // namespace
