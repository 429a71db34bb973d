#pragma once

namespace wpg {

/// While it lives, SIGINT and SIGTERM are remembered instead of ending the program; a second one ends it at once.
class SignalGuard {
 public:
  SignalGuard();
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

  /// Number of the signal that arrived, 0 if none.
  static int caught();
};

}  // namespace wpg
