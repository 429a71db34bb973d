#include "oracles.hpp"

namespace wpg::oracle {

QuadraticPotential::QuadraticPotential(const Point& at, const Tensor& matrix) : center(at), precision(matrix) {}

double QuadraticPotential::value(const Point& x) const { return 0.5 * (x - center).dot(gradient(x)); }

Point QuadraticPotential::gradient(const Point& x) const { return precision * (x - center); }

Tensor QuadraticPotential::hessian(const Point&) const { return precision; }

exact::Quadratic QuadraticPotential::closed_form() const { return {center, precision}; }

Point point(std::initializer_list<double> coordinates) {
  Point x(static_cast<Index>(coordinates.size()));
  Index k = 0;
  for (const double c : coordinates) x[k++] = c;
  return x;
}

Tensor tensor(std::initializer_list<double> entries) {
  const auto d = static_cast<Index>(std::lround(std::sqrt(static_cast<double>(entries.size()))));
  Tensor a(d, d);
  Index k = 0;
  for (const double e : entries) {
    a(k / d, k % d) = e;
    ++k;
  }
  return a;
}

Grid cube(int dimension, Index cells, double lower, double upper, Boundary boundary) {
  return Grid(std::vector<Axis>(static_cast<std::size_t>(dimension), Axis{cells, lower, upper, boundary}));
}

double gaussian_density(const exact::Normal& law, const Point& x) {
  const Eigen::VectorXd centered = x - law.mean;
  const double d = static_cast<double>(x.size());
  const double volume = std::sqrt(std::pow(2.0 * std::numbers::pi, d) * determinant(law.covariance));
  return std::exp(-0.5 * centered.dot(inverse(law.covariance) * centered)) / volume;
}

Field gaussian_field(const Grid& grid, const exact::Normal& law) {
  const Gaussian small = exact::gaussian(law);
  const Tensor precision = inverse(small.covariance);
  const double peak = gaussian_density(law, law.mean);
  return sample(grid, [&](const Point& x) {
    const Point centered = x - small.mean;
    return peak * std::exp(-0.5 * centered.dot(precision * centered));
  });
}

Eigen::MatrixXd dense_gibbs(const Axis& axis, double epsilon) {
  const double h = axis.spacing();
  Eigen::MatrixXd g(axis.cells, axis.cells);
  for (Index i = 0; i < axis.cells; ++i) {
    for (Index j = 0; j < axis.cells; ++j) {
      const double x = static_cast<double>(i - j) * h;
      g(i, j) = h * std::exp(-0.5 * x * x / epsilon) / std::sqrt(2.0 * std::numbers::pi * epsilon);
    }
  }
  return g;
}

double fitted_order(const std::vector<double>& h, const std::vector<double>& error) {
  const auto n = static_cast<Index>(h.size());
  Eigen::ArrayXd x(n);
  Eigen::ArrayXd y(n);
  for (Index k = 0; k < n; ++k) {
    x[k] = std::log(h[static_cast<std::size_t>(k)]);
    y[k] = std::log(error[static_cast<std::size_t>(k)]);
  }
  const Eigen::ArrayXd centered = x - x.mean();
  return (centered * (y - y.mean())).sum() / centered.square().sum();
}

}  // namespace wpg::oracle
