#pragma once
#include "wpg/grid.hpp"

namespace wpg {

using Values = Eigen::ArrayXd;

/// A scalar at the cell centres of a grid: a density, a potential, a dual potential. Values are stored with
/// x fastest. A density's mass is the sum of its values times the cell volume (midpoint rule).
struct Field {
  explicit Field(const Grid& on) : grid(on), values(Values::Zero(on.size())) {}
  Field(const Grid& on, Values at_centers) : grid(on), values(std::move(at_centers)) {
    eigen_assert(values.size() == grid.size());
  }

  Grid grid;
  Values values;
};

/// The field f(centre of cell) for every cell; `f` takes a Point.
template <class Function>
Field sample(const Grid& grid, Function&& f) {
  Field field(grid);
  for (Index cell = 0; cell < grid.size(); ++cell) field.values[cell] = f(grid.center(cell));
  return field;
}

}  // namespace wpg
