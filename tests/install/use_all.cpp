#include <locket/all.hpp>

// Every backend is linked, and the registry opens them by URL.
int main() {
  return locket::default_registry().open("memory:") ? 0 : 1;
}
