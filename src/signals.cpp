#include "signals.hpp"

#include <csignal>

namespace wpg {
namespace {

volatile std::sig_atomic_t signal_caught = 0;

void remember(int number) {
  signal_caught = number;
  std::signal(number, SIG_DFL);
}

}  // namespace

SignalGuard::SignalGuard() {
  signal_caught = 0;
  std::signal(SIGINT, remember);
  std::signal(SIGTERM, remember);
}

SignalGuard::~SignalGuard() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

int SignalGuard::caught() { return signal_caught; }

}  // namespace wpg
