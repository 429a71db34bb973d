#include "wpg/grid.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "wpg/error.hpp"

namespace wpg {
namespace {

void check(const Axis& axis) {
  if (axis.cells < 4) throw InvalidValue("cells", std::to_string(axis.cells), "at least 4 on every axis");
  if (!std::isfinite(axis.lower) || !std::isfinite(axis.upper) || !(axis.lower < axis.upper)) {
    throw InvalidValue("upper", std::to_string(axis.upper), "finite and above lower = " + std::to_string(axis.lower));
  }
}

}  // namespace

Grid::Grid(std::vector<Axis> axes) : axes_(std::move(axes)) {
  if (axes_.empty() || axes_.size() > 3) {
    throw InvalidValue("cells", std::to_string(axes_.size()) + " values", "one value per axis, for 1 to 3 axes");
  }
  for (std::size_t k = 0; k < axes_.size(); ++k) {
    check(axes_[k]);
    strides_[k] = size_;
    size_ *= axes_[k].cells;
    cell_volume_ *= axes_[k].spacing();
  }
}

double Grid::largest_spacing() const {
  double h = 0.0;
  for (const Axis& axis : axes_) h = std::max(h, axis.spacing());
  return h;
}

double Grid::smallest_spacing() const {
  double h = axes_.front().spacing();
  for (const Axis& axis : axes_) h = std::min(h, axis.spacing());
  return h;
}

Point Grid::center(Index cell) const {
  Point x(dimension());
  for (int k = 0; k < dimension(); ++k) {
    x[k] = axis(k).center(cell % axis(k).cells);
    cell /= axis(k).cells;
  }
  return x;
}

Lines lines(const Grid& grid, int axis) {
  return {grid.size() / grid.axis(axis).cells, grid.axis(axis).cells, grid.stride(axis)};
}

}  // namespace wpg
