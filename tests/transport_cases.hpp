#pragma once
#include <random>

#include "oracles.hpp"
#include "wpg/reduce.hpp"
#include "wpg/transport.hpp"

/// Maps and densities of the tests of the pushforward.
namespace wpg::oracle {

/// Convex and not separable: a quadratic plus ridges that run across the axes.
struct Ridges final : Potential {
  double value(const Point& x) const override {
    return 0.5 * x.squaredNorm() + 0.2 * x[0] * x[1] + 0.4 * std::cos(along(x)) + std::log(std::cosh(x[0] - x[1]));
  }
  Point gradient(const Point& x) const override {
    const double bend = -0.4 * std::sin(along(x));
    const double ridge = std::tanh(x[0] - x[1]);
    return point({x[0] + 0.2 * x[1] + 1.3 * bend + ridge, x[1] + 0.2 * x[0] + 0.7 * bend - ridge});
  }
  Tensor hessian(const Point& x) const override {
    const double bend = -0.4 * std::cos(along(x));
    const double ridge = 1.0 / std::pow(std::cosh(x[0] - x[1]), 2);
    const double mixed = 0.2 + 0.91 * bend - ridge;
    return tensor({1.0 + 1.69 * bend + ridge, mixed, mixed, 1.0 + 0.49 * bend + ridge});
  }
  static double along(const Point& x) { return 1.3 * x[0] + 0.7 * x[1]; }
};

/// V(x) = sum of amplitude cos(2 pi x_k / width), shifted so that nothing is symmetric, plus a mixed wave.
struct Waves final : Potential {
  explicit Waves(double width) : k(2.0 * std::numbers::pi / width) {}
  double value(const Point& x) const override { return std::cos(k * x[0] + 0.3) + 0.5 * std::sin(k * (x[0] - x[1])); }
  Point gradient(const Point& x) const override {
    const double mixed = 0.5 * k * std::cos(k * (x[0] - x[1]));
    return point({-k * std::sin(k * x[0] + 0.3) + mixed, -mixed});
  }
  Tensor hessian(const Point& x) const override {
    const double mixed = -0.5 * k * k * std::sin(k * (x[0] - x[1]));
    return tensor({-k * k * std::cos(k * x[0] + 0.3) + mixed, -mixed, -mixed, mixed});
  }
  double k;
};

struct Translation final : GradientMap {
  explicit Translation(const Point& by) : shift(by) {}
  Point value(const Point& x) const override { return x + shift; }
  Tensor jacobian(const Point& x) const override { return Tensor::Identity(x.size(), x.size()); }
  Point shift;
};

/// rho(x)/det DT(x) at x = T^-1(y), by Newton's method on all of T.
template <class Density>
double pushed_density(const GradientMap& map, const Density& rho, const Point& y) {
  Point x = y;
  for (int k = 0; k < 25; ++k) x -= 0.8 * Point(inverse(map.jacobian(x)) * (map.value(x) - y));
  for (int k = 0; k < 4; ++k) x -= Point(inverse(map.jacobian(x)) * (map.value(x) - y));
  return rho(x) / determinant(map.jacobian(x));
}

inline Field random_field(const Grid& grid, double empty_fraction) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  Field f(grid);
  for (double& value : f.values) value = uniform(random) < empty_fraction ? 0.0 : uniform(random);
  return f;
}

inline const QuadraticPotential tilted(point({0.2, -0.1}), tensor({1.5, 0.6, 0.6, 0.8}));
inline const exact::Normal rotated{Eigen::Vector2d(0.4, -0.3), (Eigen::Matrix2d() << 0.5, 0.3, 0.3, 0.4).finished()};

}  // namespace wpg::oracle
