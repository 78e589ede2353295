#include "vectors.hpp"

#include <cctype>
#include <cstdio>
#include <fstream>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

namespace vectors {
namespace {

std::string trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  return std::string(text);
}

}  // namespace

Buffer from_hex(std::string_view text) {
  REQUIRE(text.size() % 2 == 0);
  Buffer out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    std::size_t used = 0;
    out.push_back(static_cast<std::byte>(std::stoi(std::string(text.substr(i, 2)), &used, 16)));
    if (used != 2) FAIL("not hexadecimal");
  }
  return out;
}

std::string to_hex(std::span<const std::byte> bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::byte b : bytes) {
    out += digits[std::to_integer<std::size_t>(b >> 4)];
    out += digits[std::to_integer<std::size_t>(b & std::byte{15})];
  }
  return out;
}

const std::string& Record::text(const std::string& name) const {
  INFO("the field " << name);
  REQUIRE(has(name));
  return fields_.at(name);
}

Buffer Record::bytes(const std::string& name) const {
  return has(name) ? from_hex(fields_.at(name)) : Buffer();
}

std::uint32_t Record::number(const std::string& name) const {
  return static_cast<std::uint32_t>(std::stoul(text(name)));
}

std::vector<Record> read(const std::string& path) {
  std::ifstream in(path);
  INFO(path);
  REQUIRE(in);
  std::vector<Record> records;
  Record record;
  auto end_record = [&] {
    if (!record.fields_.empty()) records.push_back(std::move(record));
    record = Record();
  };
  for (std::string line; std::getline(in, line);) {
    line = trimmed(line);
    if (line.empty()) end_record();
    if (line.empty() || line.front() == '#' || line.front() == '[') continue;
    const std::size_t equals = line.find('=');
    record.fields_[trimmed(line.substr(0, equals))] =
        equals == std::string::npos ? std::string() : trimmed(line.substr(equals + 1));
  }
  end_record();
  REQUIRE_FALSE(records.empty());
  return records;
}

std::string committed(const std::string& name) {
  return std::string(LOCKET_VECTORS) + "/" + name;
}

std::string fetched(const std::string& set) {
  const std::string command = "'" + committed("get.sh") + "' " + set + " 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  const int status = ::pclose(pipe);
  output = trimmed(output);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) SKIP("the vectors were not fetched, because " << output);
  INFO(output);
  REQUIRE(status == 0);
  return output;
}

void for_each_wycheproof(const std::string& file,
                         const std::function<void(const nlohmann::json&, const nlohmann::json&)>& check) {
  std::ifstream in(fetched("wycheproof") + "/" + file);
  REQUIRE(in);
  const nlohmann::json all = nlohmann::json::parse(in);
  std::size_t count = 0;
  for (const auto& group : all.at("testGroups")) {
    for (const auto& test : group.at("tests")) {
      INFO(file << " test " << test.at("tcId") << " " << test.at("comment"));
      check(group, test);
      ++count;
    }
  }
  CHECK(count == all.at("numberOfTests").get<std::size_t>());
}

}  // namespace vectors
