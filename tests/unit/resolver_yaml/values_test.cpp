#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/resolver/yaml.hpp>

#include "unit/resolver_yaml/rewriting.hpp"

using namespace locket::resolver;           // NOLINT(google-build-using-namespace)
using namespace locket::resolver::testing;  // NOLINT(google-build-using-namespace)

using Lines = std::vector<std::string>;

TEST_CASE("yaml's aliases have the values that they stand for") {
  CHECK(values(yaml(), "a: &x one\nb: *x\nc: &y\n  d: two\n  e: [1]\nf: *y\n") ==
        Lines{"a=one", "b=one", "c.d=two", "f.d=two", "c.e[0]=1", "f.e[0]=1"});
  CHECK(values(yaml(), "- &x {a: &y [1, 2]}\n- *x\n- *y\n") ==
        Lines{"[0].a[0]=1", "[1].a[0]=1", "[2][0]=1", "[0].a[1]=2", "[1].a[1]=2", "[2][1]=2"});
  CHECK(values(yaml(), "a: &x 1\nb: &x 2\nc: *x\n") == Lines{"a=1", "b=2", "c=2"});
  CHECK(values(yaml(), "a: &x\nb: *x\n") == Lines{"a=", "b="});
  CHECK(values(yaml(), "&k key: v\nb: *k\n*k : w\n") == Lines{"b=key", "key=v", "key=w"});
}

TEST_CASE("yaml's aliases must name what ends before them") {
  CHECK(values(yaml(), "a: *x\n") == Lines{"!yaml.syntax"});
  CHECK(values(yaml(), "a: &x [*x]\n") == Lines{"!yaml.syntax"});
  CHECK(values(yaml(), "a: &x 1\n---\nb: *x\n") == Lines{"!yaml.syntax"});
  CHECK(yaml()->values("a: 1\nb: *x\n").error().place()->to_string() == "2:4");
}

TEST_CASE("yaml's merge key gives what the mapping has not") {
  CHECK(values(yaml(), "d: &d {a: 1, b: {c: 2, e: 3}}\nm:\n  <<: *d\n  b: {c: 4}\n") ==
        Lines{"d.a=1", "m.a=1", "d.b.c=2", "d.b.e=3", "m.b.c=4"});
  CHECK(values(yaml(), "x: &x {a: 1}\ny: &y {a: 2, b: 3}\nm: {<<: [*x, *y], c: 4}\n") ==
        Lines{"m.a=1", "x.a=1", "y.a=2", "m.b=3", "y.b=3", "m.c=4"});
  CHECK(values(yaml(), "m: {<<: {a: 1}, b: 2}") == Lines{"m.a=1", "m.b=2"});
  CHECK(values(yaml(), "x: &x {a: 1}\ny: &y {<<: *x, b: 2}\nz: {<<: *y}\n") ==
        Lines{"x.a=1", "y.a=1", "z.a=1", "y.b=2", "z.b=2"});
  CHECK(values(yaml(), "x: &x {}\ny: {<<: *x}\n") == Lines{"x={}", "y={}"});
  CHECK(values(yaml(), "m: {<<: text}") == Lines{"m.\"<<\"=text"});
}

TEST_CASE("yaml tells what is empty") {
  CHECK(values(yaml(), "a: []\nb: {}\nc: [[], {x: {}}]\n") == Lines{"a=[]", "b={}", "c[0]=[]", "c[1].x={}"});
  CHECK(values(yaml(), "{}") == Lines{"={}"});
  CHECK(values(yaml(), "{? [] : 1, ? {} : []}") == Lines{"\"?\"=1", "\"?\"=[]"});
  CHECK(values(yaml(), "").empty());
}

TEST_CASE("yaml's aliases cannot make a document without end") {
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) laughs += ", " + before;
    laughs += "]\n";
  }
  CHECK(values(yaml(), laughs) == Lines{"!yaml.aliases"});
  std::string deep = "a0: &a0 x\n";
  for (int i = 1; i < 200; ++i) {
    deep += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  CHECK(values(yaml(), deep) == Lines{"!yaml.depth"});
}
