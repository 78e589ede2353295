#pragma once

#include <array>
#include <span>

#include "testing/trial.hpp"

/// The clauses, one file of src/testing/clauses/ for each theme.
namespace locket::inline v1::testing {

using Theme = std::span<const Clause::Definition>;

Theme capability_clauses();
Theme reading_clauses();
Theme many_clauses();
Theme value_clauses();
Theme name_clauses();
Theme limit_clauses();
Theme writing_clauses();
Theme condition_clauses();
Theme idempotency_clauses();
Theme version_clauses();
Theme rollback_clauses();
Theme metadata_clauses();
Theme expiry_clauses();
Theme removal_clauses();
Theme recovery_clauses();
Theme listing_clauses();
Theme paging_clauses();
Theme ending_clauses();
Theme error_clauses();
Theme thread_clauses();
Theme handle_clauses();
Theme fork_clauses();

/// In the order in which they are best read.
std::array<Theme, 22> all_themes();

}  // namespace locket::inline v1::testing
