// Loads a library with locket in it, uses it and unloads it 1,000 times:   unload LIBRARY
// Ends with 0 when nothing stays mapped, but for the slab of a value that was never released.
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include <dlfcn.h>

namespace {

struct Maps {
  std::size_t count = 0;  // without the heap and the stack, which grow as they please
  bool library = false;   // whether the library or the core is among them
};

Maps maps(const std::string& library) {
  std::ifstream file("/proc/self/maps");
  Maps result;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with("[heap]") || line.ends_with("[stack]")) continue;
    ++result.count;
    if (line.ends_with(library) || line.find("/liblocket.") != std::string::npos) result.library = true;
  }
  return result;
}

int fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  return 1;
}

template <class Function>
Function* find(void* library, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(library, name));
}

bool load_use_unload(const char* path) {
  void* library = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return false;
  auto* use = find<std::size_t()>(library, "hold_and_release");
  bool used = use != nullptr && use() == (1U << 20) - 1;
  return ::dlclose(library) == 0 && used;
}

bool outlives_its_library(const char* path) {
  void* library = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  auto* hold = find<const char*()>(library, "hold");
  const char* held = hold();
  return ::dlclose(library) == 0 && std::string_view(held) == "held after the library is gone";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !load_use_unload(argv[1])) return fail("cannot load the library");
  Maps first = maps(argv[1]);
  if (first.library) return fail("the library stays mapped");
  for (int i = 0; i < 1'000; ++i) {
    if (!load_use_unload(argv[1])) return fail("cannot load the library again");
  }
  Maps last = maps(argv[1]);
  std::printf("%zu mappings after one cycle, %zu after 1,001\n", first.count, last.count);
  if (last.count != first.count || last.library) return fail("something stays mapped");
  return outlives_its_library(argv[1]) ? 0 : fail("a value that was not released was unmapped with the library");
}
