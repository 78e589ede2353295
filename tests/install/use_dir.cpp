#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <locket/backends/dir.hpp>

// A folder of its own, with one file in it, is a store with one secret.
int main() {
  std::string folder = (std::filesystem::temp_directory_path() / "locket-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  std::ofstream(folder + "/token") << "not really";
  auto store = locket::dir::open({.path = folder});
  const bool found = store && (*store)->get("token");
  std::filesystem::remove_all(folder);
  return found ? 0 : 1;
}
