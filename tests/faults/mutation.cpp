#include "mutation.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "crypto/sha256.hpp"

namespace faults {
namespace {

constexpr std::size_t page_size = 4096;

std::string random_bytes(Random& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::string number(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (std::size_t i = size; i-- > 0;) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

/// Numbers at which readers go wrong, and others.
std::uint64_t odd_number(Random& random) {
  constexpr std::array<std::uint64_t, 10> extremes{0,      1,      2,          0x7f,       0xff,
                                                   0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff};
  return pick(random, 2) == 0 ? random() : extremes[pick(random, extremes.size())];
}

void overwrite(std::string& bytes, std::size_t at, std::string_view with) {
  if (at >= bytes.size()) return;
  bytes.replace(at, std::min(with.size(), bytes.size() - at), with.substr(0, bytes.size() - at));
}

std::size_t some_page(Random& random, const std::string& bytes) {
  return pick(random, std::max<std::size_t>(bytes.size() / page_size, 1)) * page_size;
}

void flip_bits(std::string& bytes, Random& random) {
  for (std::size_t i = pick(random, 8) + 1; i > 0 && !bytes.empty(); --i) {
    char& byte = bytes[pick(random, bytes.size())];
    byte = static_cast<char>(byte ^ (1 << pick(random, 8)));
  }
}

void overwrite_bytes(std::string& bytes, Random& random) {
  const std::string with = random_bytes(random, pick(random, 64) + 1);
  overwrite(bytes, pick(random, bytes.size()), with);
}

void cut_or_extend(std::string& bytes, Random& random) {
  switch (pick(random, 4)) {
    case 0: return bytes.resize(some_page(random, bytes));
    case 1: return bytes.resize(pick(random, bytes.size()));
    case 2: bytes += random_bytes(random, pick(random, 3 * page_size)); return;
    default: bytes.append(pick(random, 3) * page_size, '\0'); return;
  }
}

void zero(std::string& bytes, Random& random) {
  overwrite(bytes, pick(random, bytes.size()), std::string(pick(random, 2 * page_size), '\0'));
}

void move_pages(std::string& bytes, Random& random) {
  const std::size_t from = some_page(random, bytes);
  const std::size_t to = some_page(random, bytes);
  const std::string first = bytes.substr(from, page_size);
  const std::string second = bytes.substr(to, page_size);
  overwrite(bytes, to, first);
  if (pick(random, 2) == 0) overwrite(bytes, from, second);
}

void take_pages(std::string& bytes, const std::string& from, Random& random) {
  for (std::size_t i = pick(random, 3) + 1; i > 0; --i) {
    const std::size_t at = some_page(random, bytes);
    if (at < from.size()) overwrite(bytes, at, std::string_view(from).substr(at, page_size));
  }
}

/// The fields of SQLite's own header, which begin at these offsets and are this wide.
void change_file_header(std::string& bytes, Random& random) {
  struct Field {
    std::size_t at, size;
  };
  constexpr std::array<Field, 22> fields{{{16, 2}, {18, 1}, {19, 1}, {20, 1}, {21, 1}, {22, 1}, {23, 1}, {24, 4},
                                          {28, 4}, {32, 4}, {36, 4}, {40, 4}, {44, 4}, {48, 4}, {52, 4}, {56, 4},
                                          {60, 4}, {64, 4}, {68, 4}, {72, 4}, {92, 4}, {96, 4}}};
  for (std::size_t i = pick(random, 3) + 1; i > 0; --i) {
    const Field field = fields[pick(random, fields.size())];
    overwrite(bytes, field.at, number(odd_number(random), field.size));
  }
}

/// The head of a b-tree page and the places of its cells.
void change_page_header(std::string& bytes, Random& random) {
  const std::size_t page = some_page(random, bytes);
  const std::size_t head = page == 0 ? 100 : page;
  for (std::size_t i = pick(random, 4) + 1; i > 0; --i) {
    overwrite(bytes, head + pick(random, 40), number(odd_number(random), pick(random, 2) + 1));
  }
}

std::string quoted(const std::string& name) {
  return "'" + name + "'";
}

/// locket's own header with a right checksum, which anybody can make.
Sql change_header(Random& random) {
  std::string body = "locketv1" + random_bytes(random, 16) + number(odd_number(random), 4);
  switch (pick(random, 4)) {
    case 0: body += '\1'; break;
    case 1:
      body += '\2' + number(odd_number(random), 4) + number(odd_number(random), 4) + number(odd_number(random), 4) +
              random_bytes(random, 16);
      break;
    case 2: body += '\3' + number(odd_number(random), 2) + random_bytes(random, pick(random, 300)); break;
    default: body += random_bytes(random, pick(random, 10000)); break;
  }
  const auto digest = locket::crypto::sha256({std::as_bytes(std::span(body))});
  const std::string sum(reinterpret_cast<const char*>(digest->data()), 8);
  if (pick(random, 2) == 0) return {"UPDATE header SET body=?, sum=?", {body, sum}};
  return {"UPDATE header SET body=?, sum=?, mac=?", {body, sum, random_bytes(random, 32)}};
}

/// Rows swapped, replayed, lost, doubled; `older` and `other` are attached.
Sql splice(const Material& material, Random& random) {
  const std::string a = quoted(material.names[pick(random, material.names.size())]);
  const std::string b = quoted(material.names[pick(random, material.names.size())]);
  const std::string from = pick(random, 2) == 0 ? "older" : "other";
  const std::string column = pick(random, 2) == 0 ? "meta" : "val";
  const std::string small = std::to_string(pick(random, 300));
  const std::array<std::string, 24> statements{
      "UPDATE item SET " + column + "=(SELECT " + column + " FROM item WHERE name=" + b + ") WHERE name=" + a,
      "UPDATE item SET meta=val, val=meta WHERE name=" + a,
      "UPDATE item SET val=(SELECT val FROM old WHERE name=" + a + ") WHERE name=" + a,
      "UPDATE old SET val=(SELECT val FROM item WHERE name=" + b + ") WHERE name=" + a,
      "UPDATE old SET ver=ver+7 WHERE name=" + a,
      "UPDATE old SET name=" + b + ", ver=ver+100 WHERE name=" + a,
      "INSERT OR REPLACE INTO main.item SELECT * FROM " + from + ".item WHERE name=" + a,
      "INSERT OR REPLACE INTO main.old SELECT * FROM " + from + ".old WHERE name=" + a,
      "UPDATE main.item SET " + column + "=(SELECT " + column + " FROM " + from + ".item WHERE name=" + a +
          ") WHERE name=" + a + " AND " + a + " IN (SELECT name FROM " + from + ".item)",
      "INSERT OR REPLACE INTO item SELECT 'twice', bucket, meta, val FROM item WHERE name=" + a,
      "INSERT OR REPLACE INTO item SELECT " + b + ", bucket, meta, val FROM item WHERE name=" + a,
      "DELETE FROM item WHERE name=" + a,
      "DELETE FROM old WHERE name=" + a,
      "DELETE FROM item",
      "UPDATE item SET bucket=" + small + " WHERE name=" + a,
      "UPDATE item SET name=" + a + "||'x' WHERE name=" + a,
      "UPDATE item SET " + column + "=substr(" + column + ", 1, " + small + ") WHERE name=" + a,
      "UPDATE item SET " + column + "=randomblob(" + small + ") WHERE name=" + a,
      "UPDATE item SET val=zeroblob(2000000) WHERE name=" + a,
      "UPDATE state SET box=(SELECT box FROM " + from + ".state)",
      "UPDATE dek SET box=(SELECT box FROM other.dek)",
      "UPDATE dek SET " + std::string(pick(random, 2) == 0 ? "id" : "state") + "=" + small,
      "UPDATE header SET (body, sum, mac)=(SELECT body, sum, mac FROM other.header)",
      "CREATE TRIGGER IF NOT EXISTS t AFTER UPDATE ON state BEGIN DELETE FROM item; END",
  };
  const std::size_t which = pick(random, statements.size() + 3);
  return which < statements.size() ? Sql{statements[which]} : change_header(random);
}

void use_journal(Mutant& mutant, const Material& material, Random& random) {
  switch (pick(random, 5)) {
    case 0:  // the right one, damaged
    case 1:
      mutant.file = material.hot.file;
      mutant.journal = material.hot.journal;
      break;
    case 2: mutant.journal = material.older_journal; break;
    case 3: mutant.journal = material.other_journal; break;
    default: mutant.journal = material.hot.journal.substr(0, 28) + random_bytes(random, pick(random, 9000)); break;
  }
  mutant.needs_anchor = true;
  switch (pick(random, 5)) {
    case 0: return;  // as it is
    case 1: return flip_bits(mutant.journal, random);
    case 2: return cut_or_extend(mutant.journal, random);
    case 3: return overwrite(mutant.journal, 8 + 4 * pick(random, 5), number(odd_number(random), 4));
    default: return overwrite_bytes(mutant.journal, random);
  }
}

}  // namespace

Mutant mutate(const Material& material, Random random) {
  Mutant mutant{.file = material.now};
  const auto bytes = [&](const char* kind, auto change) {
    mutant.kind = kind;
    change(mutant.file, random);
  };
  switch (pick(random, 12)) {
    case 0: bytes("bits flipped", flip_bits); break;
    case 1: bytes("bytes overwritten", overwrite_bytes); break;
    case 2: bytes("cut or extended", cut_or_extend); break;
    case 3: bytes("zeroed", zero); break;
    case 4: bytes("pages moved", move_pages); break;
    case 5: bytes("file header changed", change_file_header); break;
    case 6: bytes("page header changed", change_page_header); break;
    case 7:
      mutant.kind = "pages from a copy";
      mutant.needs_anchor = true;
      take_pages(mutant.file, pick(random, 3) == 0 ? material.other : material.older, random);
      break;
    case 8:
    case 9:
      mutant.kind = "journal";
      use_journal(mutant, material, random);
      break;
    default:
      mutant.kind = "rows spliced";
      for (std::size_t i = pick(random, 2) + 1; i > 0; --i) mutant.statements.push_back(splice(material, random));
      for (const Sql& sql : mutant.statements) mutant.needs_anchor |= sql.text.find("older.state") != std::string::npos;
      break;
  }
  return mutant;
}

}  // namespace faults
