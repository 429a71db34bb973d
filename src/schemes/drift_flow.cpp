#include "wpg/schemes/drift_flow.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "admissible.hpp"
#include "dense_matrix.hpp"
#include "wpg/error.hpp"
#include "wpg/transport/stretch.hpp"

namespace wpg {
namespace {

/// A point in the first column and, where there are more, the Jacobian in the others; never allocates.
using State = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, 3, 4>;

State velocity(const Potential& potential, const State& at) {
  State v(at.rows(), at.cols());
  const Point x = at.col(0);
  v.col(0) = -potential.gradient(x);
  if (at.cols() > 1) v.rightCols(at.rows()).noalias() = -potential.hessian(x) * at.rightCols(at.rows());
  return v;
}

/// Modified midpoint rule with n substeps: its error is a series in (time/n)^2.
State midpoint(const Potential& potential, const State& start, const State& first, double time, int n) {
  const double step = time / n;
  State before = start;
  State now = start + step * first;
  for (int k = 1; k < n; ++k) {
    const State next = before + 2.0 * step * velocity(potential, now);
    before = now;
    now = next;
  }
  return 0.5 * (now + before + step * velocity(potential, now));
}

State extrapolated(const Potential& potential, const State& start, double time) {
  constexpr std::array<int, 4> substeps = {2, 4, 6, 8};
  const State first = velocity(potential, start);
  std::array<State, 4> row;
  for (std::size_t j = 0; j < substeps.size(); ++j) {
    State newest = midpoint(potential, start, first, time, substeps[j]);
    for (std::size_t k = 0; k < j; ++k) {
      const double ratio = static_cast<double>(substeps[j]) / substeps[j - k - 1];
      const State better = newest + (newest - row[k]) / (ratio * ratio - 1.0);
      row[k] = newest;
      newest = better;
    }
    row[j] = newest;
  }
  return row.back();
}

State integrated(const Potential& potential, State state, double time, int steps) {
  for (int k = 0; k < steps; ++k) state = extrapolated(potential, state, time / steps);
  return state;
}

/// The Hessian, if it is the same at all cell centres to rounding.
std::optional<Tensor> constant_hessian(const Potential& potential, const Grid& grid) {
  const Tensor first = potential.hessian(grid.center(0));
  for (Index cell = 1; cell < grid.size(); ++cell) {
    const Tensor here = potential.hessian(grid.center(cell));
    if (!((here - first).norm() <= 1e-14 * (here.norm() + first.norm()))) return std::nullopt;
  }
  return first;
}

/// Corners of the box and some cells all over the grid.
std::vector<Point> probes(const Grid& grid) {
  constexpr Index wanted = 1000;
  std::vector<Point> points;
  for (Index cell = 0; cell < grid.size(); cell += grid.size() / wanted + 1) points.push_back(grid.center(cell));
  for (int number = 0; number < 1 << grid.dimension(); ++number) {
    Point x(grid.dimension());
    for (int k = 0; k < grid.dimension(); ++k) x[k] = (number >> k & 1) != 0 ? grid.axis(k).upper : grid.axis(k).lower;
    points.push_back(x);
  }
  return points;
}

}  // namespace

DriftFlow::DriftFlow(const Potential& potential, const Grid& grid, double time) : potential_(potential), time_(time) {
  if (!(time > 0.0) || !std::isfinite(time)) throw InvalidValue("gamma", written(time), "positive and finite");
  const std::optional<Tensor> hessian = constant_hessian(potential, grid);
  if (!hessian) {
    choose_steps(grid);
    return;
  }
  const Spectrum spectrum = spectrum_of(*hessian);
  const auto of = [&](auto&& f) -> Tensor {
    Eigen::VectorXd values = spectrum.values;
    for (double& value : values) value = f(value);
    return with_eigenvalues(spectrum, values);
  };
  response_ = of([time](double lambda) { return lambda == 0.0 ? time : -std::expm1(-lambda * time) / lambda; });
  affine_jacobian_ = of([time](double lambda) { return std::exp(-lambda * time); });
}

void DriftFlow::choose_steps(const Grid& grid) {
  constexpr int most = 4096;
  const double tolerance = 1e-8 * grid.smallest_spacing();
  const std::vector<Point> points = probes(grid);
  std::vector<Point> coarse(points.size());
  const auto change = [&](int steps) {
    double largest = 0.0;
    for (std::size_t k = 0; k < points.size(); ++k) {
      const Point fine = integrated(potential_, points[k], time_, steps);
      const double error = (fine - coarse[k]).norm();
      // What rounding leaves of a long way is no error of the integration.
      const double rounding = 1e-14 * (points[k].norm() + fine.norm());
      if (!(error <= std::max(tolerance, rounding))) largest = std::isfinite(error) ? std::max(largest, error) : 1e300;
      coarse[k] = fine;
    }
    return largest;
  };
  for (std::size_t k = 0; k < points.size(); ++k) coarse[k] = integrated(potential_, points[k], time_, 1);
  for (steps_ = 1; change(2 * steps_) > 0.0; steps_ *= 2) {
    if (steps_ >= most) {
      throw InvalidValue("gamma", written(time_), "a time over which x' = -grad V can be followed from every cell");
    }
  }
}

Point DriftFlow::value(const Point& x) const {
  if (response_) return x - *response_ * potential_.gradient(x);
  return integrated(potential_, x, time_, steps_).col(0);
}

Tensor DriftFlow::jacobian(const Point& x) const {
  if (response_) return affine_jacobian_;
  State state(x.size(), x.size() + 1);
  state.col(0) = x;
  state.rightCols(x.size()).setIdentity();
  // Newton's method and the test of monotonicity need far less of the Jacobian than of the map.
  return integrated(potential_, state, time_, (steps_ + 1) / 2).rightCols(x.size());
}

Pushforward drift_pushforward(const Grid& grid, const Potential& potential, double gamma) {
  const DriftFlow flow(potential, grid, gamma);
  const double stretch = transport::smallest_stretch(grid, flow);
  if (!(stretch > 0.0)) {
    throw InvalidValue("gamma", written(gamma),
                       "smaller: the drift flow over this time is not monotone on the grid (smallest eigenvalue of the "
                       "symmetric part of its Jacobian: " +
                           written(stretch) + ")");
  }
  return Pushforward(grid, flow);
}

}  // namespace wpg
