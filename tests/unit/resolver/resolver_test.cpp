#include <locket/resolver/resolver.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <locket/backends/memory.hpp>
#include <locket/decorators/forwarding_store.hpp>

using namespace locket;
using resolver::Value;

namespace {

// Counts what a store is asked for, and may be unable to look up fields or to list.
class CountingStore final : public ForwardingStore {
 public:
  explicit CountingStore(std::shared_ptr<SecretStore> inner)
      : ForwardingStore(std::move(inner)), can(ForwardingStore::do_capabilities()) {}

  int batches = 0;
  int gets = 0;
  int stats = 0;
  int lists = 0;
  std::vector<std::string> listed;  // prefixes
  std::size_t told = 0;             // names
  bool tells_fields = true;
  std::optional<Error> list_error;
  Capabilities can;

 protected:
  std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override {
    ++batches;
    gets += static_cast<int>(requests.size());
    return ForwardingStore::do_get_many(requests, call);
  }
  Result<SecretInfo> do_stat(NameView name, const GetOptions& options, const Call& call) override {
    ++stats;
    auto info = ForwardingStore::do_stat(name, options, call);
    if (info && !tells_fields) info->fields.reset();
    return info;
  }
  Result<Page<SecretInfo>> do_list(const Prefix& prefix, const ListOptions& options, const Call& call) override {
    ++lists;
    listed.push_back(prefix.text());
    if (list_error) return *list_error;
    auto page = ForwardingStore::do_list(prefix, options, call);
    if (page) told += page->items.size();
    return page;
  }
  const Capabilities& do_capabilities() const noexcept override { return can; }
};

void put(SecretStore& store, std::string_view name, std::string_view value) {
  REQUIRE(store.put(name, SecretData::bytes(value)));
}

void put_fields(SecretStore& store, std::string_view name, std::string_view object) {
  REQUIRE(store.put(name, *SecretData::json_object(SecretValue(object))));
}

std::shared_ptr<CountingStore> counting_store() {
  auto store = std::make_shared<CountingStore>(*memory::open());
  put(*store, "a", "1");
  put(*store, "b", "2");
  put_fields(*store, "db", R"({"user": "app", "password": "pw", "nested": {"x": "1"}})");
  return store;
}

Error error_of(const Result<Resolved>& result) {
  REQUIRE_FALSE(result);
  return result.error();
}

}  // namespace

TEST_CASE("unchanged text is the caller's own, not a copy") {
  const auto resolver = *Resolver::create(*memory::open());
  const std::string text = "nothing here, $5";
  auto resolved = resolver.resolve(text);
  REQUIRE(resolved);
  CHECK_FALSE(resolved->changed());
  CHECK(resolved->expose().data() == text.data());
  CHECK(std::move(*resolved).take().expose() == text);

  const std::string document = R"({"a": "b"})";
  auto json = resolver.resolve_document(document, *resolver::json());
  REQUIRE(json);
  CHECK_FALSE(json->changed());
  CHECK(json->expose().data() == document.data());
}

TEST_CASE("resolved text is taken without a copy") {
  auto store = counting_store();
  auto resolved = Resolver::create(store)->resolve("<$<secret:a>>");
  REQUIRE(resolved);
  CHECK(resolved->changed());
  const char* at = resolved->expose().data();
  const SecretValue value = std::move(*resolved).take();
  CHECK(value.expose() == "<1>");
  CHECK(value.expose().data() == at);
}

TEST_CASE("a text that becomes empty is changed and empty") {
  auto resolved = Resolver::create(counting_store())->resolve("$<secret:none|>");
  REQUIRE(resolved);
  CHECK(resolved->changed());
  CHECK(resolved->expose().empty());
}

TEST_CASE("an escape alone is a change, and asks no store") {
  auto store = counting_store();
  auto resolved = Resolver::create(store)->resolve("$$<secret:a>");
  REQUIRE(resolved);
  CHECK(resolved->changed());
  CHECK(resolved->expose() == "$<secret:a>");
  CHECK(store->batches == 0);
}

TEST_CASE("each distinct secret of a store is read once, all of them in one batch") {
  auto store = counting_store();
  auto eu = counting_store();
  const auto resolver = *Resolver::create(store, {.aliases = {{"eu", eu}}});
  auto resolved = resolver.resolve_document(
      R"(["$<secret:a>", "$<secret:a>$<secret:b>", "$<secret:db#user>", "$<secret:db#password>", "$<secret:db#/nested/x>",
          "$<secret:a?version=1>", "$<secret:eu://a>"])",
      *resolver::json());
  REQUIRE(resolved);
  CHECK(store->batches == 1);
  CHECK(store->gets == 4);  // a, b, db, and a's version 1
  CHECK(eu->batches == 1);
  CHECK(eu->gets == 1);
}

TEST_CASE("one store under two names is asked once") {
  auto store = counting_store();
  const auto resolver = *Resolver::create(store, {.aliases = {{"same", store}}});
  REQUIRE(resolver.resolve("$<secret:a> $<secret:same://a> $<secret:same://b>"));
  CHECK(store->batches == 1);
  CHECK(store->gets == 2);
}

TEST_CASE("a resolver refuses options that cannot work") {
  const auto refused = [](const Result<Resolver>& made) {
    REQUIRE_FALSE(made);
    CHECK(made.error().code() == ErrorCode::InvalidArgument);
    return made.error().reason() == "resolver.options";
  };
  std::shared_ptr<SecretStore> store = *memory::open();
  CHECK(refused(Resolver::create(nullptr)));
  CHECK(refused(Resolver::create(store, {.aliases = {{"eu", nullptr}}})));
  for (const char* alias : {"", "1", "a.b", "a b", "-", "a:", "\xC3\xA4"}) {
    CAPTURE(alias);
    CHECK(refused(Resolver::create(store, {.aliases = {{alias, store}}})));
  }
  CHECK(refused(Resolver::create(store, {.formats = {nullptr}})));
  CHECK(refused(Resolver::create_for_aliases({})));
}

TEST_CASE("without a store of its own, a resolver has its aliases") {
  auto eu = counting_store();
  const auto resolver = Resolver::create_for_aliases({.aliases = {{"eu", eu}, {"us", eu}}});
  REQUIRE(resolver);
  CHECK(resolver->resolve("$<secret:eu://a>")->expose() == "1");
  const Error error = error_of(resolver->resolve("$<secret:a>"));
  CHECK(error.code() == ErrorCode::InvalidArgument);
  CHECK(error.causes().at(0).hint() ==
        "write the alias of a store before the name, as alias://name; known are: eu, us");
}

TEST_CASE("variables come from the process unless they are given, and are read once") {
  auto store = counting_store();
  REQUIRE(::setenv("LOCKET_TEST_NAME", "a", 1) == 0);
  const auto resolver = *Resolver::create(store);
  REQUIRE(::setenv("LOCKET_TEST_NAME", "b", 1) == 0);
  CHECK(resolver.resolve("$<secret:$<env:LOCKET_TEST_NAME>>")->expose() == "1");
  REQUIRE(::unsetenv("LOCKET_TEST_NAME") == 0);
  const auto given = *Resolver::create(store, {.environment = {{{"N", "b"}}}});
  CHECK(given.resolve("$<secret:$<env:N>>")->expose() == "2");
  CHECK_FALSE(given.resolve("$<secret:$<env:PATH>>"));
}

TEST_CASE("the error of a document has the first kind that matters") {
  using enum ErrorCode;
  const std::vector<std::pair<std::string, ErrorCode>> order{
      {"integrity", Integrity}, {"login", Unauthenticated}, {"denied", PermissionDenied},
      {"sealed", Unavailable},  {"none", NotFound},         {"a?type=bool", InvalidArgument}};
  class Refusing final : public ForwardingStore {
   public:
    using ForwardingStore::ForwardingStore;

   protected:
    std::vector<Result<Secret>> do_get_many(std::span<const GetRequest> requests, const Call& call) override {
      return SecretStore::do_get_many(requests, call);
    }
    Result<Secret> do_get(NameView name, const GetOptions& options, const Call& call) override {
      const std::map<std::string_view, ErrorCode> codes{
          {"integrity", Integrity}, {"login", Unauthenticated}, {"denied", PermissionDenied}, {"sealed", Unavailable}};
      const auto found = codes.find(name.text());
      if (found == codes.end()) return ForwardingStore::do_get(name, options, call);
      return Error({.code = found->second, .message = "no"});
    }
  };
  const auto resolver = *Resolver::create(std::make_shared<Refusing>(counting_store()));
  for (std::size_t first = 0; first < order.size(); ++first) {
    std::string text;
    for (std::size_t i = order.size(); i-- > first;) text += "$<secret:" + order[i].first + ">\n";
    const Error error = error_of(resolver.resolve(text));
    CAPTURE(text);
    CHECK(error.code() == order[first].second);
    CHECK(error.reason() == "resolver.references");
    CHECK(error.causes().size() == order.size() - first);
  }
  CHECK(error_of(resolver.resolve("$<secret:sealed> $<secret:sealed>")).retryable());
  CHECK_FALSE(error_of(resolver.resolve("$<secret:sealed> $<secret:none>")).retryable());
}

TEST_CASE("an error reads as people need it") {
  auto store = counting_store();
  const auto resolver = *Resolver::create(store, {.aliases = {{"prod", store}}});
  auto resolved = resolver.resolve_document(
      "{\n  \"db\": [\"$<secret:db#passwort|x>\", \"$<secret:pord://c>\", \"$<secret:c>\"]\n}", *resolver::json(),
      "conf/app.json");
  const Error error = error_of(resolved);
  std::ostringstream text;
  text << error;
  CHECK(
      text.str() ==
      "conf/app.json: 2 of 3 references cannot be resolved\n"
      "conf/app.json:2:38: db[1]: $<secret:pord://c>: no store has the alias 'pord'; hint: did you mean 'prod'? known "
      "are: prod\n"
      "conf/app.json:2:60: db[2]: $<secret:c>: no secret named 'c'; hint: list the names that there are");
  CHECK(error.causes().at(1).backend() == store->describe());
  CHECK(error.causes().at(1).name() == "c");
}

TEST_CASE("a hint costs the folder of the missing name, or the next around it that holds anything") {
  auto store = counting_store();
  put(*store, "app/db/password", "x");
  put(*store, "app/user", "x");
  const auto resolver = *Resolver::create(store);
  CHECK(resolver.resolve("$<secret:app/db/password>"));
  CHECK(store->lists == 0);

  const auto hint_of = [&](const std::string& text) { return error_of(resolver.resolve(text)).causes().at(0).hint(); };
  CHECK(hint_of("$<secret:app/db/pasword>") == "did you mean 'app/db/password'?");
  CHECK(store->listed == std::vector<std::string>{"app/db/"});
  store->listed.clear();
  CHECK(hint_of("$<secret:app/bd/password>") == "did you mean 'app/db/password'?");
  CHECK(store->listed == std::vector<std::string>{"app/bd/", "app/"});
}

TEST_CASE("each folder is listed once for all hints") {
  auto store = counting_store();
  put(*store, "db/password", "x");
  const Error error = error_of(Resolver::create(store)->resolve(
      "$<secret:db/pasword> $<secret:bd/password> $<secret:db/passwort> $<secret:db#nothing>"));
  CHECK(error.causes().size() == 4);
  CHECK(store->listed == std::vector<std::string>{"db/", "bd/", ""});
}

TEST_CASE("hints stay cheap over a store of many secrets, and a document of many mistakes") {
  auto store = counting_store();
  for (int i = 0; i < 1000; ++i) put(*store, "many/" + std::to_string(1000 + i), "x");
  const auto resolver = *Resolver::create(store);
  CHECK_FALSE(resolver.resolve("$<secret:many/none>"));
  CHECK(store->lists == 1);
  CHECK(store->told <= 200);

  store->lists = 0;
  std::string text;
  for (int i = 0; i < 100; ++i) text += "$<secret:folder-" + std::to_string(i) + "/none> ";
  CHECK(error_of(resolver.resolve(text)).causes().size() == 100);
  CHECK(store->lists <= 10);
}

TEST_CASE("a list that fails, or cannot be had, costs a hint and nothing else") {
  auto store = counting_store();
  store->list_error = Error({.code = ErrorCode::PermissionDenied, .message = "no list"});
  const Error error = error_of(Resolver::create(store)->resolve("$<secret:aa>"));
  CHECK(error.code() == ErrorCode::NotFound);
  CHECK(error.causes().at(0).hint() == "list the names that there are");

  auto unlisted = counting_store();
  unlisted->can.list = false;
  CHECK(error_of(Resolver::create(unlisted)->resolve("$<secret:aa>")).code() == ErrorCode::NotFound);
  CHECK(unlisted->lists == 0);
}

TEST_CASE("all scalars of a document, with what they hold") {
  const auto resolver = *Resolver::create(counting_store());
  auto values = resolver.resolve_values(
      "{\"port\": 1, \"on\": true,\n \"no\": null, \"plain\": \"\\u0061b\", \"$k\": [\"$<secret:a?type=int>\", "
      "\"x$<secret:b>\","
      " \"$<secret:none?optional>\", \"$$<secret:a>\", \"$<secret:db#nested?type=json>\", \"$<secret:a>\"]}",
      *resolver::json(), "f.json");
  REQUIRE(values);
  REQUIRE(values->size() == 10);
  const auto plain = [&](std::size_t i) { return std::get<std::string>(values->at(i).content); };
  const auto resolved = [&](std::size_t i) -> const ResolvedValue& {
    return std::get<ResolvedValue>(values->at(i).content);
  };
  CHECK(plain(0) == "1");
  CHECK(values->at(0).kind == resolver::Kind::Integer);
  CHECK(values->at(1).kind == resolver::Kind::Boolean);
  CHECK(values->at(2).kind == resolver::Kind::Null);
  CHECK(plain(3) == "ab");
  CHECK(values->at(3).place == Place{.file = "f.json", .line = 2, .column = 23, .path = "plain"});
  CHECK(resolved(4).kind == Value::Kind::Integer);
  CHECK(resolved(4).value.expose() == "1");
  CHECK(resolver::to_string(values->at(4).path) == "\"$k\"[0]");
  CHECK(resolved(5).value.expose() == "x2");
  CHECK(resolved(6).kind == Value::Kind::Null);
  CHECK(resolved(7).value.expose() == "$<secret:a>");
  CHECK(resolved(8).kind == Value::Kind::Json);
  CHECK(resolved(8).value.expose() == R"({"x": "1"})");
  CHECK(resolved(9).kind == Value::Kind::Text);
  CHECK(resolved(9).value.expose() == "1");
}

TEST_CASE("values of a document fail as a whole, and within the cap") {
  auto store = counting_store();
  const auto resolver = *Resolver::create(store, {.max_output = 3});
  auto bad = resolver.resolve_values(R"(["$<secret:a>", "$<secret:none>"])", *resolver::json());
  REQUIRE_FALSE(bad);
  CHECK(bad.error().causes().size() == 1);
  CHECK(resolver.resolve_values(R"(["$<secret:a>$<secret:a>$<secret:a>"])", *resolver::json()));
  auto large = resolver.resolve_values(R"(["$<secret:a>$<secret:a>", "$<secret:a>$<secret:a>"])", *resolver::json());
  REQUIRE_FALSE(large);
  CHECK(large.error().reason() == "resolver.too_large");
}

TEST_CASE("the references of a document are listed without asking a store") {
  auto store = counting_store();
  const auto resolver = *Resolver::create(store);
  auto found = resolver.references(
      "{\"url\": \"x$<secret:prod://a/$<env:E>#k?enc=url&version=3|secret default>\",\n\"b\": "
      "\"$$<secret:x>$<secret:b>\"}",
      *resolver::json(), "f");
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  const Reference& first = found->at(0).reference;
  CHECK(first.alias == "prod");
  CHECK(first.name == "a/$<env:E>");
  CHECK(first.field == "k");
  CHECK(first.which == Which(Version("3")));
  CHECK(first.encode == Reference::Encoding::Url);
  CHECK(first.fallback->expose() == "secret default");
  CHECK(first.to_string() == "$<secret:prod://a/$<env:E>#k?version=3&enc=url|…>");
  CHECK(found->at(0).place == Place{.file = "f", .line = 1, .column = 11, .path = "url"});
  CHECK(found->at(1).place == Place{.file = "f", .line = 2, .column = 19, .path = "b"});
  CHECK(store->batches + store->stats + store->lists == 0);
}

TEST_CASE("badly written references are told by references(), too") {
  const auto resolver = *Resolver::create(counting_store());
  auto found = resolver.references("$<secret:a?x=1> $<secret:b");
  REQUIRE_FALSE(found);
  CHECK(found.error().causes().size() == 2);
}

TEST_CASE("check looks secrets up without reading them") {
  auto store = counting_store();
  const auto resolver = *Resolver::create(store);
  auto checked = resolver.check("$<secret:a> $<secret:a> $<secret:db#user> $<secret:db#password> $<secret:none|x>");
  REQUIRE(checked);
  CHECK(checked->references == 5);
  CHECK(checked->unproven.empty());
  CHECK(store->batches == 0);
  CHECK(store->stats == 3);
}

TEST_CASE("check tells everything that is wrong") {
  StoreSettings settings;
  auto inner = *memory::open();
  MetadataPatch patch;
  patch.expires = Clock::Wall(std::chrono::seconds(1));
  REQUIRE(inner->put("stale", SecretData::bytes("x"), {.metadata = patch}));
  put(*inner, "gone", "x");
  REQUIRE(inner->remove("gone"));
  put(*inner, "a", "1");
  put_fields(*inner, "db", R"({"user": "app"})");
  auto store = std::make_shared<CountingStore>(inner);
  const auto resolver = *Resolver::create(store);
  auto checked = resolver.check_document(
      R"(["$<secret:stale>", "$<secret:gone>", "$<secret:aa>", "$<secret:db#usr>", "$<secret:db#/usr/x>", "$<secret:a>",
          "$<secret:a?version=9>", "$<secret:gone|x>", "$<secret:db#usr|x>", "$<secret:db#usr?optional>", "$<secret:a?b>"])",
      *resolver::json(), "f.json");
  REQUIRE_FALSE(checked);
  std::string kinds;
  for (const Error& cause : checked.error().causes()) kinds += std::string(to_string(cause.code())) + ' ';
  CHECK(kinds == "Expired Deleted NotFound NotFound NotFound NotFound Deleted InvalidArgument ");
  CHECK(checked.error().causes().at(3).hint() == "did you mean 'user'? known are: user");
  CHECK(store->batches == 0);
}

TEST_CASE("check says which fields it could not look up") {
  auto store = counting_store();
  store->tells_fields = false;
  const auto resolver = *Resolver::create(store);
  auto checked = resolver.check("$<secret:a>\n$<secret:db#nothing> $<secret:db#/nested/y>");
  REQUIRE(checked);
  REQUIRE(checked->unproven.size() == 2);
  CHECK(checked->unproven.at(0).reference.field == "nothing");
  CHECK(checked->unproven.at(0).place == Place{.line = 2, .column = 1});

  store->tells_fields = true;
  auto deeper = resolver.check("$<secret:db#/nested/y>");
  REQUIRE(deeper);
  CHECK(deeper->unproven.size() == 1);
}

TEST_CASE("where looking up reads the value in any case, check looks at it") {
  auto store = counting_store();
  store->can.stat_without_value = false;
  const auto resolver = *Resolver::create(store);
  CHECK(resolver.check("$<secret:a?type=int> $<secret:db#user>"));
  auto checked = resolver.check("$<secret:a?type=bool> $<secret:db#usr>");
  REQUIRE_FALSE(checked);
  CHECK(checked.error().causes().size() == 2);
  CHECK(store->stats == 0);
}

TEST_CASE("a deadline and a stop reach the store") {
  auto store = counting_store();
  std::stop_source stop;
  stop.request_stop();
  const Error error = error_of(Resolver::create(store)->resolve("$<secret:a>", {.stop = stop.get_token()}));
  CHECK(error.code() == ErrorCode::Cancelled);
}

TEST_CASE("a reference is parsed and printed") {
  for (const char* text : {"$<secret:a>", "$<secret:eu://a/b#c>", "$<secret:a/$<env:X>?version=1&decode=hex&trim=nl>",
                           "$<secret:a#/b/c?stage=S&type=json&enc=base64>", "$<secret:a?optional>"}) {
    CAPTURE(text);
    auto reference = Reference::parse(text);
    REQUIRE(reference);
    CHECK(reference->to_string() == text);
  }
  for (const char* text : {"", "a", "$<secret:a> ", " $<secret:a>", "$<secret:a>$<secret:b>", "$$<secret:a>",
                           "${secret:a}", "$<secret:a", "$<secret:>"}) {
    CAPTURE(text);
    CHECK_FALSE(Reference::parse(text));
  }
  CHECK(Reference::parse("${secret:a}", Delimiters::AngleAndBraces)->to_string() == "$<secret:a>");
  CHECK(Reference::parse("$<secret:a|b>")->fallback->expose() == "b");
}
