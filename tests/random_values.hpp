#pragma once
#include <random>

#include "wpg/field.hpp"

namespace wpg::test {

/// `size` numbers, uniform in [low, high), the same for the same seed.
inline Values random_values(Index size, double low, double high, unsigned seed = 1) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> uniform(low, high);
  Values x(size);
  for (double& value : x) value = uniform(generator);
  return x;
}

}  // namespace wpg::test
