#include "wpg/energies/nonsmooth_energy.hpp"

#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {

double NonsmoothEnergy::value(const Field& rho) const {
  return rho.grid.cell_volume() * blockwise_sum(rho.grid.size(), [&](Index begin, Index end) {
           double sum = 0.0;
           for (Index i = begin; i < end; ++i) sum += rho.values[i] > 0.0 ? rho.values[i] * F_.values[i] : 0.0;
           return sum;
         });
}

void NonsmoothEnergy::add_first_variation(const Field&, Values& sum) const {
  if (!F_.values.isFinite().all()) throw UsageError("nonsmooth_energy: a constraint has no first variation");
  sum += F_.values;
}

}  // namespace wpg
