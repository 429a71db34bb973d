#pragma once
#include <random>

#include "wpg/field.hpp"
#include "wpg/reduce.hpp"

namespace wpg::test {

/// `size` numbers, uniform in [low, high), the same for the same seed.
inline Values random_values(Index size, double low, double high, unsigned seed = 1) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> uniform(low, high);
  Values x(size);
  for (double& value : x) value = uniform(generator);
  return x;
}

/// A density of mass one without zeros, rough from cell to cell.
inline Field random_density(const Grid& grid, unsigned seed) {
  Field rho(grid, random_values(grid.size(), 0.1, 1.0, seed));
  rho.values /= integral(rho);
  return rho;
}

}  // namespace wpg::test
