#include "wpg/reduce.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace wpg {
namespace {

/// Sum over the cells of term(cell), times the cell volume.
template <class Term>
double integrate(const Grid& grid, Term&& term) {
  return grid.cell_volume() * blockwise_sum(grid.size(), [&](Index begin, Index end) {
           double sum = 0.0;
           for (Index cell = begin; cell < end; ++cell) sum += term(cell);
           return sum;
         });
}

/// Integrates one axis' coordinate without building a Point per cell.
template <class Weight>
double first_moment(const Field& rho, int k, Weight&& weight) {
  const Axis& axis = rho.grid.axis(k);
  const Index stride = rho.grid.stride(k);
  return integrate(
      rho.grid, [&](Index cell) { return rho.values[cell] * weight(cell, axis.center((cell / stride) % axis.cells)); });
}

}  // namespace

double* partial_sums(Index size) {
  thread_local std::vector<double> scratch;
  if (static_cast<Index>(scratch.size()) < size) scratch.resize(static_cast<std::size_t>(size));
  return scratch.data();
}

double integral(const Field& f) {
  return integrate(f.grid, [&](Index cell) { return f.values[cell]; });
}

double integral(const Field& f, const Field& g) {
  return integrate(f.grid, [&](Index cell) { return f.values[cell] * g.values[cell]; });
}

Point mean(const Field& rho) {
  const double mass = integral(rho);
  Point m(rho.grid.dimension());
  for (int k = 0; k < rho.grid.dimension(); ++k) {
    m[k] = first_moment(rho, k, [](Index, double x) { return x; }) / mass;
  }
  return m;
}

Tensor covariance(const Field& rho) {
  const int d = rho.grid.dimension();
  const double mass = integral(rho);
  const Point m = mean(rho);
  Tensor c(d, d);
  for (int k = 0; k < d; ++k) {
    for (int l = 0; l <= k; ++l) {
      const Axis& other = rho.grid.axis(l);
      const Index stride = rho.grid.stride(l);
      c(k, l) = c(l, k) = first_moment(rho, k,
                                       [&](Index cell, double x) {
                                         return (x - m[k]) * (other.center((cell / stride) % other.cells) - m[l]);
                                       }) /
                          mass;
    }
  }
  return c;
}

double l1_distance(const Field& f, const Field& g) {
  return integrate(f.grid, [&](Index cell) { return std::abs(f.values[cell] - g.values[cell]); });
}

double entropy(const Field& rho) {
  return integrate(rho.grid, [&](Index cell) {
    const double r = rho.values[cell];
    return r > 0.0 ? r * std::log(r) : 0.0;
  });
}

double kullback_leibler(const Field& rho, const Field& pi) {
  return integrate(rho.grid, [&](Index cell) {
    const double r = rho.values[cell];
    const double p = pi.values[cell];
    if (r <= 0.0) return p;
    return p > 0.0 ? r * std::log(r / p) - r + p : std::numeric_limits<double>::infinity();
  });
}

}  // namespace wpg
