#pragma once
#include <memory>
#include <vector>

#include "jko/anderson.hpp"
#include "jko/level.hpp"
#include "jko/transfer.hpp"

namespace wpg::bench {

/// What a solve took.
struct Count {
  double pairs = 0.0;  ///< of kernel applications, in units of the finest grid
  bool reached = false;
};

/// The entropic JKO step without the preconditioner: the contraction itself, with or without Anderson acceleration, on
/// the finest grid alone or on nested grids. What the solver is compared with.
class Unpreconditioned {
 public:
  Unpreconditioned(const Grid& grid, const EntropicOptions& options, bool nested, bool accelerated);
  /// From a cold start; stops after `budget` evaluations on one level.
  Count solve(const Field& nu, int budget);

 private:
  bool run(std::size_t level, double tolerance, int budget);
  bool accelerate(Level& level, double tolerance, int budget);
  void start(std::size_t level);

  EntropicOptions options_;
  bool accelerated_;
  std::vector<std::unique_ptr<Level>> levels_;  ///< finest first
  std::vector<std::unique_ptr<Transfer>> transfers_;
  Values lambda_;
};

}  // namespace wpg::bench
