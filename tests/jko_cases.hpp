#pragma once
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "wpg/field.hpp"
#include "wpg/jko/entropic.hpp"
#include "wpg/parallel.hpp"
#include "wpg/reduce.hpp"

/// Densities that a JKO step meets, from smooth to rough, in one and two dimensions.
namespace wpg::test {

/// A named density of mass one on any grid of one dimension count.
struct Shape {
  std::string name;
  std::function<Field(const Grid&)> on;
};

inline Field unit_mass(Field rho) {
  rho.values /= integral(rho);
  return rho;
}

inline double square(double x) { return x * x; }

/// Values drawn per cell; a share of them exactly zero.
inline Field random_cells(const Grid& grid, double zeros, const std::function<bool(const Point&)>& inside) {
  std::mt19937 generator(11);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  return sample(grid, [&](const Point& x) {
    const double value = uniform(generator);
    const bool empty = uniform(generator) < zeros;
    return inside(x) && !empty ? value : 0.0;
  });
}

/// For a box of half-width 4 and more.
inline std::vector<Shape> line_shapes() {
  const auto from = [](auto f) {
    return [f](const Grid& grid) { return unit_mass(sample(grid, [&](const Point& x) { return f(x[0]); })); };
  };
  return {
      {"Gaussian", from([](double x) { return std::exp(-0.5 * square(x - 0.3) / 0.25); })},
      {"two bumps + 1e-9", from([](double x) {
         return std::exp(-0.5 * square((x - 1.0) / 0.2)) + 0.5 * std::exp(-0.5 * square((x + 1.2) / 0.3)) + 1e-9;
       })},
      {"box", from([](double x) { return std::abs(x - 0.1) < 1.0 ? 1.0 : 0.0; })},
      {"random",
       [](const Grid& grid) {
         return unit_mass(random_cells(grid, 0.3, [](const Point& x) { return std::abs(x[0]) < 1.5; }));
       }},
      {"far bumps", from([](double x) {
         return std::exp(-0.5 * square((x - 3.0) / 0.1)) + std::exp(-0.5 * square((x + 3.0) / 0.1));
       })},
      {"exp(-x^4)", from([](double x) { return std::exp(-square(square(x))); })},
      {"atom",
       [](const Grid& grid) {
         Field rho(grid);
         rho.values[grid.size() / 3] = 1.0;
         return unit_mass(rho);
       }},
  };
}

/// For [-4, 4]^2.
inline std::vector<Shape> plane_shapes() {
  const auto from = [](auto f) {
    return [f](const Grid& grid) { return unit_mass(sample(grid, [&](const Point& x) { return f(x[0], x[1]); })); };
  };
  const auto blob = [](double x, double y, double a, double b, double s) {
    return std::exp(-0.5 * (square(x - a) + square(y - b)) / square(s));
  };
  return {
      {"rotated Gaussian", from([](double x, double y) {
         const double u = 0.8 * x + 0.6 * y;
         const double v = -0.6 * x + 0.8 * y;
         return std::exp(-0.5 * (square(u - 0.4) / 0.8 + square(v + 0.2) / 0.1));
       })},
      {"two bumps", from([blob](double x, double y) {
         return blob(x, y, 1.0, 0.5, 0.3) + 0.6 * blob(x, y, -1.2, -0.7, 0.4) + 1e-9;
       })},
      {"disc", from([](double x, double y) { return square(x - 0.2) + square(y) < 1.5 * 1.5 ? 1.0 : 0.0; })},
      {"ring", from([](double x, double y) {
         const double r = std::hypot(x, y);
         return r > 1.0 && r < 1.6 ? 1.0 : 0.0;
       })},
      {"random",
       [](const Grid& grid) {
         return unit_mass(random_cells(grid, 0.3, [](const Point& x) { return x.norm() < 2.0; }));
       }},
      {"image", from([](double x, double y) {
         const double f = std::sin(3.0 * x + std::cos(2.0 * y)) * std::cos(2.5 * y - 0.7 * x) + 0.3 * std::sin(7.0 * y);
         return f > 0.2 && std::max(std::abs(x), std::abs(y)) < 2.5 ? 1.0 : 0.0;
       })},
      {"far", from([blob](double x, double y) { return blob(x, y, 2.7, 2.5, 0.12) + blob(x, y, -2.6, -2.4, 0.12); })},
  };
}

/// The shape of this name; throws std::logic_error if there is none.
inline const Shape& named(const std::vector<Shape>& shapes, const std::string& name) {
  for (const Shape& shape : shapes) {
    if (shape.name == name) return shape;
  }
  throw std::logic_error("no shape " + name);
}

/// One thread while it lives: small problems spend more time waiting for each other than working, above all on a
/// machine that does something else.
class OneThread {
 public:
  OneThread() { set_threads(1); }
  ~OneThread() { set_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_ = threads();
};

inline EntropicOptions jko_options(double gamma, double epsilon, double tolerance = 1e-8) {
  EntropicOptions options;
  options.gamma = gamma;
  options.epsilon = epsilon;
  options.tolerance = tolerance;
  return options;
}

/// One step from a cold start.
struct Solved {
  Field rho;
  JkoReport report;
};

inline Solved solve_once(const Field& nu, const EntropicOptions& options) {
  Field rho(nu.grid);
  const JkoReport report = EntropicJko(nu.grid, options).solve(nu, rho);
  return {std::move(rho), report};
}

}  // namespace wpg::test
