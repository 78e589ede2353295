#include "cli/names.hpp"

#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>
#include <locket/testing/fault_store.hpp>

using namespace locket;

namespace {

std::shared_ptr<testing::FaultStore> store_with(const std::vector<std::string>& names) {
  auto memory = memory::open();
  REQUIRE(memory);
  for (const std::string& name : names) REQUIRE((*memory)->put(name, SecretData::bytes("x")));
  return std::make_shared<testing::FaultStore>(*memory);
}

std::string hint_for(SecretStore& store, const std::string& name) {
  return cli::with_suggestion(store, store.get(name).error(), name).hint();
}

}  // namespace

TEST_CASE("what was meant is looked for next to the name, or around it, one page each") {
  const auto store = store_with({"app/db/password", "app/user", "other"});
  CHECK(hint_for(*store, "app/db/pasword") == "did you mean 'app/db/password'?");
  CHECK(store->calls(OperationKind::List) == 1);
  CHECK(hint_for(*store, "app/bd/password") == "did you mean 'app/db/password'?");
  CHECK(store->calls(OperationKind::List) == 3);
  CHECK(hint_for(*store, "othr") == "did you mean 'other'?");
  CHECK(store->calls(OperationKind::List) == 4);
}

TEST_CASE("a store of many secrets is not listed whole for a hint") {
  std::vector<std::string> names;
  for (int i = 1000; i < 3000; ++i) names.push_back(std::to_string(i));
  const auto store = store_with(names);
  static_cast<void>(hint_for(*store, "no-such-name"));
  CHECK(store->calls(OperationKind::List) == 1);
}

TEST_CASE("without a list an error stays as it is") {
  const auto store = store_with({"abc"});
  const std::string before = store->get("abd").error().hint();
  store->always(OperationKind::List, {.error = Error({.code = ErrorCode::PermissionDenied, .message = "no"})});
  CHECK(hint_for(*store, "abd") == before);
  CHECK(store->calls(OperationKind::List) == 1);
}
