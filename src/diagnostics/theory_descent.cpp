#include <algorithm>
#include <array>
#include <cmath>

#include "small_matrix.hpp"
#include "wpg/diagnostics/theory.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// Cells with less than this share of the largest density are left out: their part of the integral is below rounding.
constexpr double negligible = 1e-20;

/// The cell `shift` cells along an axis from one at position i; beyond an end that is not periodic, its mirror image.
Index neighbour(const Axis& axis, Index i, Index shift) {
  const Index j = i + shift;
  if (axis.boundary == Boundary::periodic) return (j + axis.cells) % axis.cells;
  return j < 0 ? -1 - j : (j >= axis.cells ? 2 * axis.cells - 1 - j : j);
}

/// Derivative of log rho, or of log rho + F, along an axis by the widest central difference, of at most sixth order,
/// whose cells are all positive; zero beside empty cells.
double log_slope(const Field& rho, const Field* F, int axis, Index cell) {
  constexpr std::array<std::array<double, 3>, 3> weights = {
      {{0.5, 0.0, 0.0}, {2.0 / 3.0, -1.0 / 12.0, 0.0}, {0.75, -0.15, 1.0 / 60.0}}};
  const Axis& along = rho.grid.axis(axis);
  const Index stride = rho.grid.stride(axis);
  const Index i = cell / stride % along.cells;
  const auto at = [&](Index shift) { return cell + (neighbour(along, i, shift) - i) * stride; };
  const auto value = [&](Index shift) { return rho.values[at(shift)]; };
  Index reach = 0;
  while (reach < 3 && value(reach + 1) > 0.0 && value(-reach - 1) > 0.0) ++reach;
  double sum = 0.0;
  for (Index k = 0; k < reach; ++k) {
    const double weight = weights[static_cast<std::size_t>(reach - 1)][static_cast<std::size_t>(k)];
    sum += weight * std::log(value(k + 1) / value(-k - 1));
    if (F != nullptr) sum += weight * (F->values[at(k + 1)] - F->values[at(-k - 1)]);
  }
  return sum / along.spacing();
}

/// The nearest point of the box; along a periodic axis the point itself.
Point inside(const Grid& grid, Point x) {
  for (int k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    if (axis.boundary != Boundary::periodic) x[k] = std::clamp(x[k], axis.lower, axis.upper);
  }
  return x;
}

/// x in the box with x - gamma grad V(x) = z, from the guess x: Newton's method, each step halved until the residual
/// falls. The map is monotone in the box, perhaps not beyond it. Where z is not the image of the box, the point where
/// the residual falls no more.
Point inverse_forward(const Grid& grid, const Potential& potential, double gamma, const Point& z, Point x) {
  const Tensor identity = Tensor::Identity(z.size(), z.size());
  Point residual = x - gamma * potential.gradient(x) - z;
  for (int iteration = 0; iteration < 50; ++iteration) {
    const Tensor jacobian = identity - gamma * potential.hessian(x);
    const Point step = inverse(jacobian) * residual;
    const double size = residual.norm();
    double share = 1.0;
    Point next = x;
    for (; share > 1e-3; share *= 0.5) {
      next = inside(grid, Point(x - share * step));
      residual = next - gamma * potential.gradient(next) - z;
      if (residual.norm() < size) break;
    }
    const double moved = (next - x).norm();
    if (!(share > 1e-3)) return x;
    x = next;
    if (moved <= 1e-11 * (1.0 + x.norm())) break;
  }
  return x;
}

}  // namespace

DescentTerm::DescentTerm(const Problem& problem, double gamma) : potential_(problem.potential), gamma_(gamma) {
  if (problem.nonsmooth) nonsmooth_ = nonsmooth_field(problem.grid, *problem.nonsmooth);
}

double DescentTerm::at(const Field& rho, Index cell) const {
  const int d = rho.grid.dimension();
  Point slope(d);
  for (int k = 0; k < d; ++k) slope[k] = log_slope(rho, nonsmooth_ ? &*nonsmooth_ : nullptr, k, cell);
  if (!potential_) return slope.squaredNorm();
  const Point y = rho.grid.center(cell);
  const Point x = inverse_forward(rho.grid, *potential_, gamma_, y + gamma_ * slope, y);
  return (potential_->gradient(x) + slope).squaredNorm();
}

double DescentTerm::operator()(const Field& rho) const {
  constexpr Index block = 512;
  const double least = negligible * rho.values.maxCoeff();
  const Index count = (rho.values.size() + block - 1) / block;
  double* const partial = partial_sums(count);
  parallel_for(count, [&](Index b) {
    double sum = 0.0;
    for (Index cell = b * block; cell < std::min(rho.values.size(), (b + 1) * block); ++cell) {
      if (rho.values[cell] > least) sum += rho.values[cell] * at(rho, cell);
    }
    partial[b] = sum;
  });
  double total = 0.0;
  for (Index b = 0; b < count; ++b) total += partial[b];
  return total * rho.grid.cell_volume();
}

}  // namespace wpg
