#include "jko/multigrid.hpp"

#include "jko/stencil_assembly.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// gamma'/epsilon from which on a cycle's larger effort pays on the finest plane, too: it takes one evaluation in ten
/// off a step.
constexpr double large_ratio = 500.0;

Cycle::Effort effort(double ratio, bool finest) {
  if (ratio > large_ratio) return Cycle::Effort::large;
  return finest ? Cycle::Effort::small : Cycle::Effort::coarse;
}

}  // namespace

Multigrid::Multigrid(const Grid& grid, double gamma_prime, double epsilon, bool finest)
    : grid_(grid),
      coupling_(gamma_prime + epsilon),
      short_waves_{gamma_prime / epsilon + 1.0},
      conductivity_(grid, epsilon),
      cycle_(grid, effort(gamma_prime / epsilon, finest)) {}

void Multigrid::update(const Values& log_q, const Values& log_rho, const Values& trust, const SourceSide* source) {
  conductivity_.update(log_q, trust);
  if (source != nullptr) conductivity_.take_given(*source, log_rho, trust);
  parallel_sweep(cycle_.finest().rows, grid_.size(),
                 [&](Index j) { assemble_row(conductivity_, log_rho, coupling_, j, cycle_.finest()); });
  cycle_.coarsen();
}

void Multigrid::apply(Values& z, bool short_waves) {
  if (short_waves) {
    cycle_.apply(z, short_waves_);
  } else {
    cycle_.apply(z);
  }
}

}  // namespace wpg
