#include "gauss_rules.hpp"

#include <cmath>

#include "dense_matrix.hpp"

namespace wpg {
namespace {

/// The rule of the orthonormal polynomials with the recurrence x p_k = b_k p_{k-1} + b_{k+1} p_{k+1}; they belong to an
/// even density, so the rule is made symmetric to the last bit.
template <class Coefficient>
GaussRule symmetric_rule(int count, Coefficient&& b) {
  Eigen::VectorXd off(count - 1);
  for (int k = 1; k < count; ++k) off[k - 1] = b(k);
  const Spectrum spectrum = spectrum_beside_zeros(off);
  const Values nodes = spectrum.values.array();
  const Values weights = spectrum.vectors.row(0).array().square().transpose();
  GaussRule rule{0.5 * (nodes - nodes.reverse()), 0.5 * (weights + weights.reverse())};
  rule.weights /= rule.weights.sum();
  return rule;
}

}  // namespace

GaussRule gauss_legendre(int count) {
  return symmetric_rule(count, [](int k) { return k / std::sqrt(4.0 * k * k - 1.0); });
}

GaussRule gauss_hermite(int count) {
  return symmetric_rule(count, [](int k) { return std::sqrt(static_cast<double>(k)); });
}

}  // namespace wpg
