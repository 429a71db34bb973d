#include "wpg/energies/mmd.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "wpg/parallel.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// The Laplacian of a kernel at an offset, by central differences of its gradient over half a cell.
double laplacian(const Grid& grid, const std::vector<OffsetKernel>& gradient, const Point& x) {
  double sum = 0.0;
  for (int k = 0; k < grid.dimension(); ++k) {
    const double h = grid.axis(k).spacing();
    Point shift = Point::Zero(x.size());
    shift[k] = 0.5 * h;
    sum += (gradient[static_cast<std::size_t>(k)](x + shift) - gradient[static_cast<std::size_t>(k)](x - shift)) / h;
  }
  return sum;
}

/// -Laplacian of k at 0, and the sum of |Laplacian of k| over all offsets between cells times the cell volume.
std::pair<double, double> measure_laplacian(const Grid& grid, const RadialKernel& kernel) {
  std::vector<OffsetKernel> gradient;
  gradient.reserve(static_cast<std::size_t>(grid.dimension()));
  for (int k = 0; k < grid.dimension(); ++k) gradient.push_back(kernel.derivative(k));
  // The kernel is even: offsets with nonnegative coordinates stand for all, those off an axis' origin twice.
  double sum = 0.0;
  for (Index cell = 0; cell < grid.size(); ++cell) {
    Point x = grid.center(cell) - grid.center(0);
    double copies = 1.0;
    for (int k = 0; k < grid.dimension(); ++k) copies *= x[k] > 0.0 ? 2.0 : 1.0;
    sum += copies * std::abs(laplacian(grid, gradient, x));
  }
  return {std::abs(laplacian(grid, gradient, Point::Zero(grid.dimension()))), sum * grid.cell_volume()};
}

}  // namespace

Mmd::Mmd(Field target, const RadialKernel& k)
    : target_(std::move(target)),
      convolution_(target_.grid, k.offsets()),
      difference_(target_.grid),
      witness_(target_.grid) {
  std::tie(peak_, total_) = measure_laplacian(target_.grid, k);
}

double Mmd::response_rate(const Field& rho) const {
  return std::min(peak_ * integral(rho), total_ * rho.values.maxCoeff());
}

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
