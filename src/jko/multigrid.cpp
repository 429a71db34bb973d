#include "jko/multigrid.hpp"

#include <algorithm>
#include <cmath>

#include "jko/stencil_assembly.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// gamma'/epsilon from which on a cycle's larger effort pays on the finest plane, too: it takes one evaluation in ten
/// off a step.
constexpr double large_ratio = 500.0;

/// sqrt(epsilon) in cells up to which seams are corrected. The laws of sources take up to 100 times its square of
/// exponentials: at 2 steps of bumps at 256^2 take 13 or 14 pairs instead of 18 or 14, but up to twice the time.
constexpr double widest_spread = 1.5;

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
      cycle_(grid, effort(gamma_prime / epsilon, finest)) {
  const double spacing = std::min(grid.axis(0).spacing(), grid.axis(1).spacing());
  if (std::sqrt(epsilon) <= widest_spread * spacing) seams_.emplace(grid, gamma_prime, epsilon);
}

void Multigrid::update(const Values& log_q, const Values& log_rho, const Values& trust, const SourceSide* source) {
  conductivity_.update(log_q, trust);
  parallel_sweep(cycle_.finest().rows, grid_.size(),
                 [&](Index j) { assemble_row(conductivity_, log_rho, coupling_, j, cycle_.finest()); });
  cycle_.coarsen();
  if (!seams_) return;
  if (source == nullptr) {
    seams_->clear();
  } else if (seams_->empty() || !source->nearly_known) {
    seams_->update(conductivity_, log_q, log_rho, *source);
  }
}

void Multigrid::apply(const Values& r, double largest, bool short_waves, Values& z) {
  if (short_waves) {
    cycle_.apply(r, largest, z, short_waves_);
  } else {
    cycle_.apply(r, largest, z);
  }
  if (seams_) seams_->correct(r, largest, z);
}

}  // namespace wpg
