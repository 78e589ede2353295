#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>
#include <locket/testing/conformance.hpp>

using namespace locket;
using testing::Seed;

namespace {

// The words of a header's comments and code, one space between any two.
std::string words_of(const std::string& path) {
  std::ifstream file(path);
  REQUIRE(file);
  std::string all;
  for (std::string word; file >> word;) {
    if (word != "///" && word != "//" && word != "///<") all += word + ' ';
  }
  return all;
}

std::string one_line(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string all;
  for (std::string word; words >> word;) all += (all.empty() ? "" : " ") + word;
  return all;
}

class Memory : public testing::Fixture {
 public:
  Result<std::shared_ptr<SecretStore>> open(std::span<const Seed> seeds) override {
    ++opened;
    auto store = memory::open({}).value();
    if (auto put = testing::put_all(*store, seeds); !put) return std::move(put).error();
    return store;
  }
  int opened = 0;
};

class NoStore final : public testing::Fixture {
  Result<std::shared_ptr<SecretStore>> open(std::span<const Seed>) override {
    return Error({.code = ErrorCode::Unavailable, .message = "the server does not start"});
  }
};

class NullStore final : public testing::Fixture {
  Result<std::shared_ptr<SecretStore>> open(std::span<const Seed>) override { return std::shared_ptr<SecretStore>(); }
};

// Holds the seeds once, and nothing at all the next time.
class Forgetful final : public Memory {
 public:
  Result<std::shared_ptr<SecretStore>> open(std::span<const Seed>) override { return Memory::open({}); }
};

const testing::Clause& clause(std::string_view name) {
  const auto all = testing::clauses();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& clause) { return clause.name() == name; });
  REQUIRE(found != all.end());
  return *found;
}

}  // namespace

TEST_CASE("each clause quotes the header that demands it") {
  for (const testing::Clause& clause : testing::clauses()) {
    CAPTURE(clause.name(), clause.header());
    const std::string header = words_of(std::string(LOCKET_INCLUDE) + "/locket/" + std::string(clause.header()));
    CAPTURE(clause.demands());
    CHECK(header.find(one_line(clause.demands())) != std::string::npos);
  }
}

TEST_CASE("a failing clause says what was expected, what was seen, and which sentence says so") {
  Forgetful fixture;
  const testing::Verdict verdict = clause("get/value").run(fixture);
  REQUIRE(verdict.failed());
  CHECK(verdict.text.find("expected get(\"db/password\") to succeed") != std::string::npos);
  CHECK(verdict.text.find("saw NotFound") != std::string::npos);
  CHECK(verdict.text.find("because store.hpp says: \"Reads a secret") != std::string::npos);
}

TEST_CASE("a fixture that opens no store fails every clause, and says why") {
  NoStore none;
  NullStore null;
  for (const testing::Clause& clause : testing::clauses()) {
    CAPTURE(clause.name());
    const testing::Verdict verdict = clause.run(none);
    CHECK(verdict.failed());
    CHECK(verdict.text.find("the server does not start") != std::string::npos);
    CHECK(clause.run(null).failed());
  }
}

TEST_CASE("a clause on what the store cannot do is skipped, and says what that is") {
  Memory fixture;
  const testing::Verdict verdict = clause("stage/unknown").run(fixture);
  REQUIRE(verdict.skipped());
  CHECK(verdict.text == "the store does not claim `stages`");
}

TEST_CASE("the clauses that need nothing open one store each, the others at most three") {
  Memory fixture;
  for (const testing::Clause& clause : testing::clauses()) {
    fixture.opened = 0;
    CHECK_FALSE(clause.run(fixture).failed());
    CAPTURE(clause.name());
    CHECK(fixture.opened <= 3);
  }
}

TEST_CASE("run_all writes what failed and what was skipped, and counts") {
  Memory fixture;
  std::ostringstream out;
  const testing::Tally tally = testing::run_all(fixture, out);
  CHECK(tally.failed == 0);
  CHECK(tally.passed + tally.skipped == testing::clauses().size());
  CHECK(out.str().find("skipped stage/unknown: the store does not claim `stages`") != std::string::npos);
  CHECK(out.str().ends_with(std::to_string(tally.skipped) + " skipped\n"));

  NoStore none;
  std::ostringstream failures;
  CHECK(testing::run_all(none, failures).failed == testing::clauses().size());
  CHECK(failures.str().starts_with("FAILED  "));
}

TEST_CASE("putting all seeds ends at the first that is refused") {
  const auto store = memory::open({.max_value = 8}).value();
  std::vector<Seed> seeds;
  seeds.push_back({.name = "a", .data = SecretData::bytes("fits")});
  seeds.push_back({.name = "b", .data = SecretData::bytes("does not fit")});
  const auto put = testing::put_all(*store, seeds);
  REQUIRE_FALSE(put);
  CHECK(put.error().code() == ErrorCode::LimitExceeded);
  CHECK(put.error().name() == "b");
  CHECK(store->get("a"));
}
