#include "jko/preconditioner.hpp"

#include "jko/axis_preconditioner.hpp"
#include "jko/multigrid.hpp"

namespace wpg {

std::unique_ptr<Preconditioner> make_preconditioner(const Grid& grid, double gamma_prime, double epsilon, int axes,
                                                    bool finest) {
  if (grid.dimension() == 2 && axes >= 2) return std::make_unique<Multigrid>(grid, gamma_prime, epsilon, finest);
  return std::make_unique<AxisPreconditioner>(grid, gamma_prime, epsilon, axes);
}

}  // namespace wpg
