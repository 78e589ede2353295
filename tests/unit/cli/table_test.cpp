#include "cli/table.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using locket::cli::Table;

TEST_CASE("columns line up, whatever the letters; empty ones are left out") {
  Table table({"NAME", "NOTHING", "TEXT"});
  table.add({"a", "", "ä"});
  table.add({"lönger", "", "b"});
  CHECK(table.text({}) == "NAME    TEXT\na       ä\nlönger  b\n");
}

TEST_CASE("lines are cut between letters, never within one") {
  Table table({"NAME"});
  table.add({"ääääää"});
  CHECK(table.text({.width = 6}) == "NAME\nääääää\n");
  CHECK(table.text({.width = 5}) == "NAME\nääää…\n");
}

TEST_CASE("what is gone is faded") {
  Table table({"NAME"});
  table.add({"a"}, true);
  table.add({"b"});
  CHECK(table.text({.colour = true}) == "\x1b[1mNAME\x1b[0m\n\x1b[2ma\x1b[0m\nb\n");
}

}  // namespace
