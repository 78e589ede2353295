#include "header.hpp"

#include <algorithm>
#include <string_view>

#include "crypto/sha256.hpp"
#include "errors.hpp"

namespace locket::inline v1::local {
namespace {

constexpr std::string_view magic = "locketv1";

bool read_rest(Reader& reader, Header& header) {
  switch (header.kind) {
    case Header::Kind::Raw: return true;
    case Header::Kind::Passphrase:
      header.kdf.memory_kib = reader.number<std::uint32_t>();
      header.kdf.passes = reader.number<std::uint32_t>();
      header.kdf.lanes = reader.number<std::uint32_t>();
      header.salt = reader.array<sizeof(Salt)>();
      return true;
    case Header::Kind::Provider:
      header.provider = reader.lp16();
      header.key_ref = reader.lp16();
      header.blob = reader.lp16();
      return !header.provider.empty();
  }
  return false;
}

}  // namespace

std::string encode(const Header& header) {
  std::string body;
  Writer writer(body);
  writer.raw(magic).raw(header.store_id).number(header.key_epoch).number(static_cast<std::uint8_t>(header.kind));
  if (header.kind == Header::Kind::Passphrase) {
    writer.number(header.kdf.memory_kib).number(header.kdf.passes).number(header.kdf.lanes).raw(header.salt);
  }
  if (header.kind == Header::Kind::Provider) {
    writer.lp16(header.provider).lp16(header.key_ref).lp16(header.blob);
  }
  return body;
}

Result<Header> parse_header(Bytes body) {
  if (body.size() > max_header_size) return damaged_header("it is too long");
  Reader reader(body);
  if (text_of(reader.raw(magic.size())) != magic) return damaged_header("it does not begin as one");
  Header header;
  header.store_id = reader.array<sizeof(StoreId)>();
  header.key_epoch = reader.number<std::uint32_t>();
  const auto kind = reader.number<std::uint8_t>();
  if (kind < 1 || kind > 3) return damaged_header("it names no kind of key");
  header.kind = static_cast<Header::Kind>(kind);
  if (!read_rest(reader, header)) return damaged_header("it names no key provider");
  if (!reader.complete()) return damaged_header("it has the wrong length");
  if (header.key_epoch == 0) return damaged_header("it has no key epoch");
  return header;
}

Result<HeaderSum> header_sum(Bytes body) {
  auto digest = crypto::sha256({body});
  if (!digest) return std::move(digest).error();
  HeaderSum sum;
  std::copy_n(digest->begin(), sum.size(), sum.begin());
  return sum;
}

}  // namespace locket::inline v1::local
