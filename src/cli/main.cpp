#include "program.hpp"
#include "terminal.hpp"

int main(int argc, char** argv) {
  locket::cli::open_standard_files();
  return locket::cli::Program().run(argc, argv);
}
