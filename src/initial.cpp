#include "wpg/initial.hpp"

#include <algorithm>
#include <cmath>

#include "admissible.hpp"
#include "wpg/error.hpp"
#include "wpg/potentials/gaussian_mixture.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// The values of f at the cell centres, from all threads.
template <class Function>
Field sampled(const Grid& grid, Function&& f) {
  Field field(grid);
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    for (Index cell = begin; cell < end; ++cell) field.values[cell] = f(grid.center(cell));
  });
  return field;
}

}  // namespace

double normalise(Field& rho) {
  for (Index cell = 0; cell < rho.values.size(); ++cell) {
    if (rho.values[cell] >= 0.0 && std::isfinite(rho.values[cell])) continue;
    throw InvalidValue("rho", written(rho.values[cell]) + " at (" + written(rho.grid.center(cell)) + ")",
                       "finite and nonnegative on the grid");
  }
  const double mass = integral(rho);
  if (!(mass > 0.0) || !std::isfinite(1.0 / mass)) {
    throw InvalidValue("rho", "a density of mass " + written(mass), "of positive mass on the grid");
  }
  rho.values /= mass;
  return 1.0 / mass;
}

Field gaussian_density(const Grid& grid, const Gaussian& gaussian) {
  require_positive_definite("covariance", gaussian.covariance);
  return mixture_density(grid, {1.0}, {gaussian});
}

Field mixture_density(const Grid& grid, const std::vector<double>& weights, const std::vector<Gaussian>& components) {
  const GaussianMixture mixture(weights, components);
  return sampled(grid, [&](const Point& x) { return std::exp(-mixture.value(x)); });
}

Field expression_density(const Grid& grid, const Expression& rho) {
  return sampled(grid, [&](const Point& x) { return rho.value(x); });
}

}  // namespace wpg
