#pragma once

#include <cstdint>

#include <locket/result.hpp>

#include "database.hpp"

/// The tables. A store that has anything more, less or other is refused: views, triggers and indexes of somebody
/// else's could run with every statement.
namespace locket::inline v1::local {

inline constexpr std::uint32_t application_id = 0x4C4B5431;  // "LKT1"
inline constexpr std::uint32_t format_version = 1;

/// Makes the tables, and sets application_id and user_version, in an empty database. Inside a transaction.
Result<void> create_schema(Database& database);
/// Compares the schema with ours to the letter, unless nothing was written since that was done. In a transaction that
/// has read something already. `statement` is kept between calls; made from `schema_query`.
Result<void> check_schema(Database& database, Statement& statement);
extern const char* const schema_query;

}  // namespace locket::inline v1::local
