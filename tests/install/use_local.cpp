#include <cstdlib>
#include <filesystem>
#include <string>

#include <locket/backends/local.hpp>

// An encrypted file in a folder of its own: what was put is there when it is opened again.
int main() {
  namespace local = locket::local;
  std::string folder = (std::filesystem::temp_directory_path() / "locket-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  const auto options = [&folder] {
    return local::Options{.path = folder + "/store.db", .key = local::KeyFile{.path = folder + "/key"}};
  };
  auto created = local::create(options());
  const bool put = created && (*created)->put("token", locket::SecretData::bytes("not really"));
  auto opened = local::open(options());
  const bool found = put && opened && (*opened)->get("token");
  std::filesystem::remove_all(folder);
  return found ? 0 : 1;
}
