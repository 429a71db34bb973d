#include "wpg/energies/interaction.hpp"

#include "wpg/parallel.hpp"
#include "wpg/reduce.hpp"

namespace wpg {

Interaction::Interaction(const Grid& grid, const RadialKernel& W) : convolution_(grid, W.offsets()), work_(grid) {}

double Interaction::value(const Field& rho) const {
  convolution_.load(0, rho.values);
  convolution_.compute(0, work_.values);
  return 0.5 * integral(rho, work_);
}

void Interaction::add_first_variation(const Field& rho, Values& sum) const {
  convolution_.load(0, rho.values);
  convolution_.compute(0, work_.values);
  parallel_blocks(sum.size(), [&](Index begin, Index end) {
    sum.segment(begin, end - begin) += work_.values.segment(begin, end - begin);
  });
}

}  // namespace wpg
