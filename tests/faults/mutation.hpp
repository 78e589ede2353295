#pragma once

#include <string>
#include <vector>

#include "campaign.hpp"

namespace faults {

/// A statement that an attacker, or another program, runs on the file.
struct Sql {
  std::string text = {};
  std::vector<std::string> blobs = {};
};

/// The bytes that mutations are made of: the store as it is, the same store some writes ago, another store under the
/// same root key with the same names; and journals that SQLite would roll back, with the file that each belongs to.
struct Material {
  struct Hot {
    std::string file = {};
    std::string journal = {};
  };
  std::string now = {};
  std::string older = {};
  std::string other = {};
  Hot hot = {};  ///< of the store as it is: to roll it back is right
  std::string older_journal = {};
  std::string other_journal = {};
  std::vector<std::string> names = {};
};

/// One mutated store.
struct Mutant {
  const char* kind = "";
  std::string file = {};
  std::string journal = {};  ///< none when empty
  std::vector<Sql> statements = {};
  /// An old state with old records in a bucket is what only an anchor can tell.
  bool needs_anchor = false;
};

/// The mutation that a number stands for; the same each time.
Mutant mutate(const Material& material, Random random);

}  // namespace faults
