#include <cstring>

#include <locket/version.hpp>

int main() {
  return std::strcmp(locket::version(), locket::library_version());
}
