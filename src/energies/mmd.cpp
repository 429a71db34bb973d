#include "wpg/energies/mmd.hpp"

#include "wpg/parallel.hpp"
#include "wpg/reduce.hpp"

namespace wpg {

Mmd::Mmd(Field target, const RadialKernel& k)
    : target_(std::move(target)),
      convolution_(target_.grid, k.offsets()),
      difference_(target_.grid),
      witness_(target_.grid) {}

void Mmd::witness(const Field& rho) const {
  parallel_blocks(rho.values.size(), [&](Index begin, Index end) {
    const Index n = end - begin;
    difference_.values.segment(begin, n) = rho.values.segment(begin, n) - target_.values.segment(begin, n);
  });
  convolution_.load(0, difference_.values);
  convolution_.compute(0, witness_.values);
}

double Mmd::value(const Field& rho) const {
  witness(rho);
  return 0.5 * integral(difference_, witness_);
}

void Mmd::add_first_variation(const Field& rho, Values& sum) const {
  witness(rho);
  parallel_blocks(sum.size(), [&](Index begin, Index end) {
    sum.segment(begin, end - begin) += witness_.values.segment(begin, end - begin);
  });
}

}  // namespace wpg
