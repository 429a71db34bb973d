#include "wpg/diagnostics/particles.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "wpg/error.hpp"

namespace wpg {
namespace {

/// The cell of a point, -1 outside of the box. A point on the upper end is in the last cell.
Index cell_of(const Particles& points, Index i, const Grid& grid) {
  Index cell = 0;
  for (int k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    const double x = points(i, k);
    if (!(x >= axis.lower && x <= axis.upper)) return -1;
    const auto place = static_cast<Index>((x - axis.lower) / axis.spacing());
    cell += std::min(place, axis.cells - 1) * grid.stride(k);
  }
  return cell;
}

using EvaluateParticles = void (*)(const Particles&, const Field& rho, std::span<double> out);

void write_mean(const Particles& points, const Field&, std::span<double> out) {
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = points.col(static_cast<Index>(k)).mean();
}

void write_covariance(const Particles& points, const Field&, std::span<double> out) {
  const Eigen::MatrixXd centered = points.rowwise() - points.colwise().mean();
  const Eigen::MatrixXd covariance = centered.transpose().lazyProduct(centered) / static_cast<double>(points.rows());
  std::copy_n(covariance.data(), out.size(), out.begin());
}

void write_share_outside(const Particles& points, const Field& rho, std::span<double> out) {
  Index count = 0;
  for (Index i = 0; i < points.rows(); ++i) count += cell_of(points, i, rho.grid) < 0 ? 1 : 0;
  out[0] = static_cast<double>(count) / static_cast<double>(points.rows());
}

void write_distance(const Particles& points, const Field& rho, std::span<double> out) {
  out[0] = marginal_w2_squared(points, rho);
}

}  // namespace

Field histogram(const Particles& points, const Grid& grid) {
  Field density(grid);
  const double weight = 1.0 / (static_cast<double>(points.rows()) * grid.cell_volume());
  for (Index i = 0; i < points.rows(); ++i) {
    const Index cell = cell_of(points, i, grid);
    if (cell >= 0) density.values[cell] += weight;
  }
  return density;
}

const Particles& ParticleRecord::at(const StepView& view) {
  if (view.step == step_) return companion_->points();
  if (view.step != step_ + 1) throw std::logic_error("particles are asked for out of step");
  companion_->advance(view.report);
  ++step_;
  if (!companion_->points().allFinite()) {
    throw ConvergenceError("step " + std::to_string(step_) + ": a particle is not finite: the step is too long for it");
  }
  return companion_->points();
}

std::size_t ParticleRecord::memory() const {
  const auto points = static_cast<std::size_t>(companion_->points().size()) * sizeof(double);
  return companion_->memory() + 2 * points;
}

std::vector<Diagnostic> particle_diagnostics(const std::shared_ptr<ParticleRecord>& record, const Grid& grid) {
  const auto series = [&](const std::string& name, const std::string& description, std::vector<std::string> axes,
                          EvaluateParticles evaluate) {
    const auto at = [record, evaluate](const StepView& view, std::span<double> out) {
      evaluate(record->at(view), view.rho, out);
    };
    return Diagnostic{name, description, std::move(axes), false, {}, at};
  };
  std::vector<Diagnostic> all = {
      series("particle_mean", "mean of the particles", {"axis"}, write_mean),
      series("particle_covariance", "covariance of the particles", {"axis", "axis"}, write_covariance),
      series("particles_outside", "share of the particles outside of the box", {}, write_share_outside)};
  const auto periodic = [](const Axis& axis) { return axis.boundary == Boundary::periodic; };
  if (std::any_of(grid.axes().begin(), grid.axes().end(), periodic)) return all;
  const std::string what = grid.dimension() == 1 ? "W2^2 between the particles and rho"
                                                 : "W2^2 between the marginals of the particles and of rho, summed";
  all.push_back(series("particle_w2_squared", what, {}, write_distance));
  return all;
}

}  // namespace wpg
