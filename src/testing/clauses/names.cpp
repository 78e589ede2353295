// What is a name, and what only looks like one.
#include <algorithm>
#include <array>

#include "testing/attempt.hpp"
#include "testing/clauses.hpp"

namespace locket::inline v1::testing {
namespace {

using namespace std::string_view_literals;

constexpr std::array hostile_names{
    // ways out of a folder
    "."sv, ".."sv, "../a"sv, "a/.."sv, "a/../b"sv, "./a"sv, "a/./b"sv, "a/."sv, "%2e%2e"sv, "%2e%2e/a"sv, "a%2fb"sv,
    R"(..\a)"sv, R"(a\b)"sv, "~"sv, "~/a"sv,
    // segments that are empty
    ""sv, "/"sv, "//"sv, "/a"sv, "a/"sv, "a//b"sv,
    // control characters, and what they forge
    "\0"sv, "a\0b"sv, "a\0"sv, "\r"sv, "\n"sv, "a\r\nX-Vault-Token: x"sv, "a\nb"sv, "\t"sv, "\x1b[2J"sv, "\x7f"sv,
    // other text
    " "sv, "a b"sv, " a"sv, "a "sv, "caf\xc3\xa9"sv, "\xd0\xb0"sv, "\xff"sv, "\xef\xbc\x8e"sv, "\xe2\x80\x8b"sv,
    // what means something to someone else
    "a?b"sv, "a#b"sv, "a*"sv, "a&b"sv, "a;b"sv, "$HOME"sv, "`id`"sv, "a'b"sv, R"(a"b)"sv, "<a>"sv, "a|b"sv, "a,b"sv,
    "(a)"sv, "[a]"sv, "{a}"sv, "a^b"sv, "a%b"sv};

// A prefix may be empty or end in a slash.
bool is_prefix(std::string_view text) {
  return text.empty() || text == "a/";
}

void refuses(Trial& t, SecretStore& store, std::string_view name) {
  for (const OperationKind kind : all_operations) {
    if (kind == OperationKind::Health || (kind == OperationKind::List && is_prefix(name))) continue;
    const auto error = attempt(store, kind, {.name = name});
    if (!claims(t.can(), kind) && error && error->code() == ErrorCode::NotSupported) continue;
    t.failed_with(error_of(error), {ErrorCode::InvalidArgument}, called(to_string(kind), name));
  }
}

void hostile(Trial& t) {
  SecretStore& store = t.open({{"a", "1"}});
  for (const std::string_view name : hostile_names) refuses(t, store, name);
  t.reads(store, "a", "1");
  if (t.can().list) t.same(t.names(store), {"a"}, "nothing else to be in the store after all that");
}

void too_long(Trial& t) {
  SecretStore& store = t.open();
  refuses(t, store, std::string(max_name_size + 1, 'a'));
  refuses(t, store, "a/" + std::string(8 * max_name_size, 'b'));
}

// An error is printed to terminals and logs, where a line break or an escape sequence from outside would forge lines.
void error_is_printable(Trial& t) {
  SecretStore& store = t.open();
  const auto printable = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  };
  for (const std::string_view name : hostile_names) {
    const auto secret = store.get(name);
    if (secret) continue;
    const Error& error = secret.error();
    t.that(printable(error.to_string()), "the error of " + called("get", name) + " to be one line of printable text",
           quoted(error.to_string()));
    t.that(printable(error.name()), "Error::name of " + called("get", name) + " to be printable", quoted(error.name()));
  }
}

std::string name_of_size(std::size_t size) {
  constexpr std::size_t segment = 63;
  std::string name(size, 'n');
  for (std::size_t i = segment; i + 1 < size; i += segment + 1) name[i] = '/';
  return name;
}

void longest(Trial& t) {
  const std::uint64_t limit = t.can().max_name;
  const std::string name = name_of_size(limit == 0 ? max_name_size : std::min<std::size_t>(limit, max_name_size));
  std::string other = name;
  other.back() = 'm';
  SecretStore& store = t.open({{name, "long"}});
  t.reads(store, name, "long");
  t.fails(store.get(other), ErrorCode::NotFound, "get of a name of which only the last character differs");
  if (t.can().list) t.same(t.names(store).back(), name, "the name to be listed as it is");
}

void one_long_segment(Trial& t) {
  const std::uint64_t limit = t.can().max_name;
  const std::string name(limit == 0 ? max_name_size : std::min<std::size_t>(limit, max_name_size), 'n');
  SecretStore& store = t.open();
  t.fails(store.get(name), {ErrorCode::NotFound, ErrorCode::LimitExceeded}, "get of the longest name, one segment,");
}

void alphabet(Trial& t) {
  constexpr auto name = "abcXYZ019_.+=@!:-/a"sv;
  SecretStore& store = t.open({{name, "1"}});
  t.reads(store, name, "1");
  if (t.can().list)
    t.same(t.names(store, name.substr(0, name.size() - 2)), {std::string(name)}, "the name to be listed as it is");
}

void dots(Trial& t) {
  SecretStore& store = t.open({{".hidden", "1"}, {"a..b", "2"}, {"a.", "3"}});
  t.reads(store, ".hidden", "1");
  t.reads(store, "a..b", "2");
  t.reads(store, "a.", "3");
}

void exact(Trial& t) {
  if (t.skip_if(t.quirks().names_fold, "in this store different names may be the same secret")) return;
  SecretStore& store =
      t.open({{"key", "lower"}, {"KEY", "upper"}, {"a-b", "1"}, {"a_b", "2"}, {"a.b", "3"}, {"a/b", "4"}});
  t.reads(store, "key", "lower");
  t.reads(store, "KEY", "upper");
  t.fails(store.get("Key"), ErrorCode::NotFound, called("get", "Key"));
  for (const auto& [name, value] : {Text{"a-b", "1"}, {"a_b", "2"}, {"a.b", "3"}, {"a/b", "4"}}) {
    t.reads(store, name, value);
  }
}

// `_` and `.` match any character in SQL's LIKE and in regular expressions.
void no_patterns(Trial& t) {
  SecretStore& store = t.open({{"axb/c", "1"}});
  for (const std::string_view name : {"a_b/c", "a.b/c", "axb/_", "a+b/c", "a.+/c"}) {
    t.fails(store.get(name), ErrorCode::NotFound, called("get", name));
    if (t.can().remove) t.fails(store.remove(name), ErrorCode::NotFound, called("remove", name));
    if (t.can().purge) t.fails(store.purge(name), ErrorCode::NotFound, called("purge", name));
  }
  t.reads(store, "axb/c", "1");
  if (!t.can().list) return;
  for (const std::string_view prefix : {"a_b", "a.b", "a_b/", "_", "..."}) {
    t.count(t.names(store, prefix).size(), 0, "the number of names below " + quoted(prefix));
  }
}

constexpr std::string_view refused =
    "text that is not a name (`a//b`, `/a`, `a/../b`, `a%2fb`, anything outside ASCII) is refused";
constexpr auto definitions = std::to_array<Clause::Definition>({
    {"name/hostile", "name.hpp", refused, {}, hostile},
    {"name/too-long", "name.hpp", "1 to 512 bytes", {}, too_long},
    {"name/error-printable",
     "name.hpp",
     "the message says which character or segment is wrong, and where",
     {},
     error_is_printable},
    {"name/longest", "name.hpp", "1 to 512 bytes", {}, longest},
    {"name/one-long-segment", "name.hpp", "1 to 512 bytes", {}, one_long_segment},
    {"name/alphabet", "name.hpp", R"(1*( A-Z a-z 0-9 _ . + = @ ! : - ) but neither "." nor "..")", {}, alphabet},
    {"name/dots", "name.hpp", R"(1*( A-Z a-z 0-9 _ . + = @ ! : - ) but neither "." nor "..")", {}, dots},
    {"name/exact", "name.hpp", "names are compared byte by byte, case counts", {}, exact},
    {"name/no-patterns", "name.hpp", "names are compared byte by byte, case counts", {}, no_patterns},
});

}  // namespace

Theme name_clauses() {
  return definitions;
}

}  // namespace locket::inline v1::testing
