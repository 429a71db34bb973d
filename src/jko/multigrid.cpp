#include "jko/multigrid.hpp"

#include "jko/stencil_assembly.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

Multigrid::Multigrid(const Grid& grid, double gamma_prime, double epsilon)
    : grid_(grid), coupling_(gamma_prime + epsilon), conductivity_(grid, epsilon), cycle_(grid) {}

void Multigrid::update(const Values& log_q, const Values& log_rho, const Values& trust) {
  conductivity_.update(log_q, trust);
  parallel_sweep(cycle_.finest().rows, grid_.size(),
                 [&](Index j) { assemble_row(conductivity_, log_rho, coupling_, j, cycle_.finest()); });
  cycle_.coarsen();
}

}  // namespace wpg
