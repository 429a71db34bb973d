#include <unistd.h>

#include <iostream>

#include "commands.hpp"

int main(int argc, char** argv) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  return wpg::run_program({argv + (argc > 0 ? 1 : 0), argv + argc}, {std::cout, std::cerr, terminal});
}
