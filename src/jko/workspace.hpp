#pragma once
#include "jko/anderson.hpp"
#include "jko/level.hpp"

namespace wpg {

/// What the iterations on a level work on. Those on the side of the targets and of the source share it, since one
/// follows the other.
struct Workspace {
  /// `problems`: equal parts of the cells that are accelerated each for itself.
  Workspace(Index size, Index problems)
      : current(size), trial(size), spare(size), best(size), preconditioned(size), anderson(size, problems) {}

  std::size_t memory() const {
    return static_cast<std::size_t>(preconditioned.size()) * (4 * 4 + 1) * sizeof(double) + anderson.memory();
  }

  Iterate current, trial, spare, best;
  Values preconditioned;  ///< residual
  Anderson anderson;
};

}  // namespace wpg
