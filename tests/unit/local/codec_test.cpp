#include "codec.hpp"

#include "box.hpp"
#include "header.hpp"
#include "local_test.hpp"
#include "record.hpp"
#include "state.hpp"

using namespace local_test;
using local::bytes_of;
using local::Digest;

namespace {

std::string encoded(const local::Item& item) {
  SecretBuffer out;
  must(encode(item, out));
  return std::string(out.view());
}

Result<local::Item> parsed(std::string_view padded) {
  SecretBuffer buffer;
  buffer.append(padded);
  return local::parse_item(buffer);
}

local::Item some_item() {
  local::Item item{.current = 3, .last_version = 4};
  item.versions = {{.number = 1, .created_ms = 5, .state = local::VersionEntry::State::Deleted},
                   {.number = 3, .created_ms = -6, .state = local::VersionEntry::State::Live}};
  item.metadata.updated = local::from_ms(7);
  item.metadata.expires = local::from_ms(8);
  item.metadata.created = local::from_ms(9);
  item.metadata.tags = {{"a", ""}, {"b", "c"}};
  item.metadata.reminder_days = 0U;
  item.fields = {"x", "y"};
  item.put_token.source = 2;
  return item;
}

}  // namespace

TEST_CASE("numbers are big-endian, and what is missing is noticed") {
  std::string bytes;
  local::Writer(bytes).number(std::uint16_t{0x0102}).number(std::int64_t{-2}).lp16("ab");
  CHECK(bytes == std::string("\x01\x02\xff\xff\xff\xff\xff\xff\xff\xfe\x00\x02"
                             "ab",
                             14));
  local::Reader reader(bytes_of(bytes));
  CHECK(reader.number<std::uint16_t>() == 0x0102);
  CHECK(reader.number<std::int64_t>() == -2);
  CHECK(reader.lp16() == "ab");
  CHECK(reader.complete());
  CHECK(reader.number<std::uint32_t>() == 0);
  CHECK_FALSE(reader.complete());
  local::Reader longer(bytes_of(std::string_view("\x00\x05xyz", 5)));
  CHECK(longer.lp16().empty());
  CHECK(longer.failed());
}

TEST_CASE("sums are numbers modulo two to the power of 256") {
  Digest most;
  most.fill(std::byte{0xff});
  Digest one{};
  one[31] = std::byte{1};
  local::Sum sum(most);
  sum += local::Sum(one);
  CHECK(sum == local::Sum());
  sum -= local::Sum(one);
  CHECK(sum == local::Sum(most));
  CHECK(sum.bytes() == most);
  Digest middle{};
  middle[23] = std::byte{1};  // 2^64
  local::Sum carried(middle);
  carried -= local::Sum(one);
  CHECK(carried.bytes()[23] == std::byte{0});
  CHECK(carried.bytes()[31] == std::byte{0xff});
  carried += local::Sum(one);
  CHECK(carried == local::Sum(middle));
}

TEST_CASE("items come back as they were") {
  CHECK(must(parsed(encoded(some_item()))) == some_item());
  CHECK(encoded(some_item()).size() % 64 == 0);
}

TEST_CASE("an item that is cut, longer or altered is refused or another item, never a crash") {
  const std::string whole = encoded(some_item());
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(parsed(whole.substr(0, size)).ok());
  CHECK_FALSE(parsed(whole + std::string(64, '\0')).ok());
  for (std::size_t byte = 0; byte < whole.size(); ++byte) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string altered = whole;
      altered[byte] = static_cast<char>(altered[byte] ^ flip);
      const auto item = parsed(altered);
      if (item) CHECK(encoded(*item).size() <= whole.size() + 64);
    }
  }
}

TEST_CASE("padding hides the size to 64 bytes, and nothing else may stand in it") {
  for (const std::size_t size : {0U, 1U, 58U, 59U, 60U, 123U}) {
    SecretBuffer out;
    local::encode(SecretData::bytes(std::string(size, 'x')), out);
    CHECK(out.size() == (size + 1 + 4 + 63) / 64 * 64);
    CHECK(must(local::parse_value(out)).size() == size);
    if (out.size() == size + 5) continue;
    out.data()[out.size() - 1] = 'y';
    CHECK_FALSE(local::parse_value(out).ok());
  }
}

TEST_CASE("headers of each kind come back, and nothing else is one") {
  local::Header raw;
  local::Header passphrase{.key_epoch = 9, .kind = local::Header::Kind::Passphrase};
  passphrase.salt[3] = std::byte{4};
  local::Header provider{.kind = local::Header::Kind::Provider, .provider = "p", .key_ref = "r", .blob = "b"};
  for (const local::Header& header : {raw, passphrase, provider}) {
    const std::string body = encode(header);
    CHECK(must(local::parse_header(bytes_of(body))) == header);
    CHECK_FALSE(local::parse_header(bytes_of(body + "x")).ok());
    for (std::size_t size = 0; size < body.size(); ++size) {
      CHECK(reason(local::parse_header(bytes_of(body.substr(0, size)))) == "local.damaged_header");
    }
  }
  std::string unknown = encode(raw);
  unknown.back() = 4;
  CHECK_FALSE(local::parse_header(bytes_of(unknown)).ok());
}

TEST_CASE("times are cut to milliseconds and clamped") {
  CHECK(local::to_ms(Clock::Wall(std::chrono::nanoseconds(1999999))) == 1);
  CHECK(local::to_ms(Clock::Wall(std::chrono::nanoseconds(-1))) == -1);
  CHECK(local::from_ms(INT64_MAX) > local::from_ms(4102444800000));
  CHECK(local::from_ms(INT64_MIN) < local::from_ms(0));
}
