#include "wpg/kernels/quadratic_fit.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <limits>

#include "simd.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Index sampling = 4;
constexpr Index fewest_rows = 16;

/// Sums over the finite cells of a row, with x in units of 1/unit: 1, x, x^2, x^3, x^4, and the field times 1, x, x^2.
constexpr Index row_sums = 8;

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, 7, 7>;
using Vector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, 7, 1>;

void sum_row(const double* in, const double* x, Index size, double unit, double* sums) {
  Pack total[row_sums] = {};
  for (Index i = 0; i < size; i += lanes) {
    const Pack value = load_some(in + i, size - i, -infinity);
    const Pack at = load_some(x + i, size - i, 0.0) * unit;
    const auto finite = value > -infinity;
    const Pack f = finite ? value : Pack{};
    Pack power = finite ? broadcast(1.0) : Pack{};
    total[5] += f;
    total[6] += f * at;
    total[7] += f * at * at;
    for (int k = 0; k < 5; ++k) {
      total[k] += power;
      power *= at;
    }
  }
  for (Index k = 0; k < row_sums; ++k) sums[k] = sum(total[k]);
}

/// Adds the sums of a row to the normal equations; `other` are the functions of y and z there, and 1.
void add_row(const double* sums, const Vector& other, Matrix& matrix, Vector& right) {
  matrix += sums[0] * other * other.transpose();
  right += sums[5] * other;
  for (Index p = 1; p <= 2; ++p) {
    matrix.row(p) += sums[p] * other.transpose();
    matrix.col(p) += sums[p] * other;
    for (Index q = 1; q <= 2; ++q) matrix(p, q) += sums[p + q];
    right[p] += sums[5 + p];
  }
}

/// Smallest and largest of the finite in - form - rest.
void range_row(const double* in, const double* form, double rest, Index size, double* out) {
  Pack low = broadcast(infinity);
  Pack high = broadcast(-infinity);
  for (Index i = 0; i < size; i += lanes) {
    const Pack d = load_some(in + i, size - i, -infinity) - load_some(form + i, size - i, 0.0);
    low = d > -infinity ? min(d, low) : low;
    high = max(d, high);
  }
  out[0] = -largest(-low) - rest;
  out[1] = largest(high) - rest;
}

}  // namespace

QuadraticFitter::QuadraticFitter(const Grid& grid)
    : grid_(grid),
      rows_(grid.size() / grid.axis(0).cells),
      step_(rows_ >= fewest_rows ? sampling : 1),
      form_(static_cast<std::size_t>(grid.axis(0).cells)),
      found_(static_cast<std::size_t>(sampled() * row_sums)) {
  for (Index i = 0; i < grid.axis(0).cells; ++i) x_.push_back(distance(0, i));
}

double QuadraticFitter::part(const QuadraticFit& fit, int k, Index cell) const {
  const auto axis = static_cast<std::size_t>(k);
  const double x = distance(k, cell);
  return x * (fit.b[axis] - 0.5 * fit.a[axis] * x);
}

double QuadraticFitter::rest(const QuadraticFit& fit, Index row) const {
  double total = 0.0;
  for (int k = 1; k < grid_.dimension(); ++k) {
    const Index n = grid_.axis(k).cells;
    total += part(fit, k, row % n);
    row /= n;
  }
  return total;
}

/// The functions 1, x, x^2, y, y^2, z, z^2 on a row, with those of x left zero; lengths in half widths of the box.
Vector QuadraticFitter::functions(Index row) const {
  Vector values = Vector::Zero(1 + 2 * grid_.dimension());
  values[0] = 1.0;
  for (int k = 1; k < grid_.dimension(); ++k) {
    const Index cells = grid_.axis(k).cells;
    const double y = 2.0 * distance(k, row % cells) / static_cast<double>(cells);
    values[1 + 2 * k] = y;
    values[2 + 2 * k] = y * y;
    row /= cells;
  }
  return values;
}

QuadraticFit QuadraticFitter::least_squares(const Values& in) const {
  const Index n = grid_.axis(0).cells;
  parallel_sweep(sampled(), sampled() * n, [&](Index s) {
    sum_row(in.data() + row(s) * n, x_.data(), n, 2.0 / static_cast<double>(n), found_.data() + s * row_sums);
  });
  const Index terms = 1 + 2 * grid_.dimension();
  Matrix matrix = Matrix::Zero(terms, terms);
  Vector right = Vector::Zero(terms);
  for (Index s = 0; s < sampled(); ++s) add_row(found_.data() + s * row_sums, functions(row(s)), matrix, right);
  const Vector c = Eigen::CompleteOrthogonalDecomposition<Matrix>(matrix).solve(right);
  QuadraticFit fit;
  for (int k = 0; k < grid_.dimension(); ++k) {
    const double half = 0.5 * static_cast<double>(grid_.axis(k).cells);
    fit.b[static_cast<std::size_t>(k)] = c[1 + 2 * k] / half;
    fit.a[static_cast<std::size_t>(k)] = -2.0 * c[2 + 2 * k] / (half * half);
  }
  return fit;
}

void QuadraticFitter::measure(const Values& in, QuadraticFit& fit) const {
  const Index n = grid_.axis(0).cells;
  for (Index i = 0; i < n; ++i) form_[static_cast<std::size_t>(i)] = part(fit, 0, i);
  parallel_sweep(sampled(), sampled() * n, [&](Index s) {
    range_row(in.data() + row(s) * n, form_.data(), rest(fit, row(s)), n, found_.data() + 2 * s);
  });
  double low = infinity;
  fit.top = -infinity;
  for (Index s = 0; s < sampled(); ++s) {
    low = std::min(low, found_[static_cast<std::size_t>(2 * s)]);
    fit.top = std::max(fit.top, found_[static_cast<std::size_t>(2 * s + 1)]);
  }
  fit.range = fit.top > -infinity ? fit.top - low : infinity;
}

}  // namespace wpg
