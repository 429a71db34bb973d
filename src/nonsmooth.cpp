#include "wpg/nonsmooth.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "admissible.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {

Field nonsmooth_field(const Grid& grid, const Nonsmooth& F) {
  Field field = sample(grid, [&](const Point& x) { return F.value(x); });
  if (field.values.isNaN().any()) throw InvalidValue("F", "not a number", "a number at every cell centre");
  if (!(field.values.minCoeff() < std::numeric_limits<double>::infinity())) {
    throw InvalidValue(std::string(F.name()), "without a cell", "one that holds the centre of a cell of the grid");
  }
  return field;
}

Field gibbs_density(const Potential* V, const Nonsmooth& F, const Grid& grid) {
  Field pi = nonsmooth_field(grid, F);
  if (V != nullptr) {
    parallel_blocks(grid.size(), [&](Index begin, Index end) {
      for (Index cell = begin; cell < end; ++cell) pi.values[cell] += V->value(grid.center(cell));
    });
  }
  const double lowest = pi.values.minCoeff();
  if (!std::isfinite(lowest) || pi.values.isNaN().any()) {
    throw InvalidValue("V", "not finite", "finite at every cell centre");
  }
  for (Index cell = 0; cell < grid.size(); ++cell) pi.values[cell] = std::exp(lowest - pi.values[cell]);
  pi.values /= integral(pi);
  return pi;
}

}  // namespace wpg
