#include "wpg/energies/potential_energy.hpp"

#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {

PotentialEnergy::PotentialEnergy(const Grid& grid, const Potential& potential)
    : V_(sample(grid, [&](const Point& x) { return potential.value(x); })) {
  if (!V_.values.isFinite().all()) throw InvalidValue("V", "not finite", "finite at every cell centre");
}

double PotentialEnergy::value(const Field& rho) const { return integral(V_, rho); }

void PotentialEnergy::add_first_variation(const Field&, Values& sum) const {
  parallel_blocks(sum.size(), [&](Index begin, Index end) {
    sum.segment(begin, end - begin) += V_.values.segment(begin, end - begin);
  });
}

}  // namespace wpg
