#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "commands.hpp"

namespace {

/// Lets idle threads sleep, unless the user has chosen otherwise. By default OpenMP's idle threads spin, and where
/// other programs want the processors too, a run then takes ten times as long. The setting is read when the OpenMP
/// library is loaded, before main: hence a second start. Where the system has no /proc the run goes on as it is.
void let_idle_threads_sleep(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  setenv("OMP_WAIT_POLICY", "passive", 1);
  execv("/proc/self/exe", argv);
}

}  // namespace

int main(int argc, char** argv) {
  let_idle_threads_sleep(argv);
  const bool terminal = isatty(STDERR_FILENO) == 1;
  return wpg::run_program({argv + (argc > 0 ? 1 : 0), argv + argc}, {std::cout, std::cerr, terminal});
}
