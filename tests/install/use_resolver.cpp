#include <locket/resolver/format.hpp>

// A path of a document, as errors print it.
int main() {
  const locket::resolver::Path path = {std::string("db"), std::string("replicas"), std::size_t{2}};
  return locket::resolver::to_string(path) == "db.replicas[2]" ? 0 : 1;
}
