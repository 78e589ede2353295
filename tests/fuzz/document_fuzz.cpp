#include "fuzz/document_fuzz.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <locket/backends/memory.hpp>
#include <locket/resolver/resolver.hpp>

namespace locket_test {
namespace {

using namespace locket;
using resolver::Format;
using resolver::Kind;
using resolver::Scalar;
using resolver::Value;

constexpr char separator = '\x1e';

void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

Resolver resolver_with(std::string_view value) {
  auto store = *memory::open();
  require(store->put("v", SecretData::bytes(value)).ok(), "a value can be put");
  require(store->put("i", SecretData::bytes("-42")).ok(), "a value can be put");
  require(store->put("j", SecretData::bytes(R"({"user": "u", "list": [1, "two"]})")).ok(), "a value can be put");
  ResolverOptions options;
  options.environment.emplace();
  (*options.environment)["E"] = "v";
  return *Resolver::create(store, std::move(options));
}

std::vector<Scalar> scalars_of(const Format& format, std::string_view document, const char* what) {
  auto scalars = format.find(document, [](std::string_view) { return true; });
  require(scalars.ok(), what);
  return std::move(*scalars);
}

// As format.hpp promises.
void check_places(const std::vector<Scalar>& scalars, std::string_view document) {
  std::size_t end = 0;
  for (const Scalar& each : scalars) {
    require(each.begin >= end && each.begin <= each.end && each.end <= document.size(), "scalars stand one by one");
    require(each.entry_begin <= each.entry_end && each.entry_end <= document.size(), "entries lie in the document");
    const bool has_entry = each.entry_begin != each.entry_end;
    require(!has_entry || (each.entry_begin <= each.begin && each.end <= each.entry_end), "an entry holds its value");
    end = each.end;
  }
}

bool is_dropped(const ResolvedScalar& value, const Scalar& scalar) {
  const auto* resolved = std::get_if<ResolvedValue>(&value.content);
  return resolved != nullptr && resolved->kind == Value::Kind::Null && scalar.entry_begin != scalar.entry_end;
}

bool is_json(const ResolvedScalar& value) {
  const auto* resolved = std::get_if<ResolvedValue>(&value.content);
  return resolved != nullptr && resolved->kind == Value::Kind::Json;
}

// .env files know text alone.
void check_value(const ResolvedValue& expected, const Scalar& got, bool typed) {
  if (expected.kind == Value::Kind::Null) return require(got.kind == Kind::Null, "nothing is null");
  require(got.text == expected.value.expose(), "a value stands in its place");
  if (!typed) return;
  const bool same = (expected.kind == Value::Kind::Text && got.kind == Kind::Text) ||
                    (expected.kind == Value::Kind::Integer && got.kind == Kind::Integer) ||
                    (expected.kind == Value::Kind::Boolean && got.kind == Kind::Boolean);
  require(same, "a value has its type");
}

void check_scalar(const ResolvedScalar& expected, const Scalar& got, bool typed) {
  if (const auto* value = std::get_if<ResolvedValue>(&expected.content)) return check_value(*value, got, typed);
  require(got.kind == expected.kind && got.text == std::get<std::string>(expected.content), "the rest stays");
}

}  // namespace

void fuzz_document(const Format& format, const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find(separator), input.size());
  const std::string document = input.substr(std::min(end + 1, input.size()));
  const Resolver resolver = resolver_with(input.substr(0, end));
  auto resolved = resolver.resolve_document(document, format, "f");
  const auto values = resolver.resolve_values(document, format, "f");
  if (!resolved) return;
  require(values.ok(), "what can be written has values");
  const auto before = scalars_of(format, document, "what was resolved can be read");
  check_places(before, document);
  require(before.size() == values->size(), "each scalar has a value");

  std::vector<const ResolvedScalar*> expected;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (is_json(values->at(i))) return;  // one scalar may have become many
    if (!is_dropped(values->at(i), before[i])) expected.push_back(&values->at(i));
  }
  const auto after = scalars_of(format, resolved->expose(), "what was written can be read");
  require(after.size() == expected.size() || format.name() == "text", "nothing comes and nothing goes");
  for (std::size_t i = 0; i < expected.size(); ++i) {
    check_scalar(*expected[i], after[i], format.name() != "dotenv" && format.name() != "text");
  }
}

}  // namespace locket_test
