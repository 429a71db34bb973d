#include <cmath>

#include "text.hpp"
#include "validate_checks.hpp"
#include "wpg/particles.hpp"

namespace wpg {
namespace {

/// Coordinates of particles that are held in memory: 0.8 GB.
constexpr double most_numbers = 1e8;

std::vector<double> listed(const Eigen::VectorXd& x) { return {x.begin(), x.end()}; }

/// One coordinate of the product for every copy of a marginal.
Eigen::MatrixXd coordinates(const Marginals& parts, Index dimension) {
  Eigen::MatrixXd rows(dimension, 4);
  Index at = 0;
  for (std::size_t k = 0; k < parts.copies.size(); ++k) {
    rows.middleRows(at, parts.copies[k]).rowwise() = parts.gaussian.row(static_cast<Index>(k));
    at += parts.copies[k];
  }
  return rows;
}

/// Sum over the coordinates of W2^2 between the Gaussian that fits the particles and the target.
double fitted_distance(const Particles& points, const ProductParticles::Potential& V) {
  const auto count = static_cast<double>(points.rows());
  double sum = 0.0;
  for (Index k = 0; k < points.cols(); ++k) {
    const double mean = points.col(k).sum() / count;
    const double deviation = std::sqrt((points.col(k).array() - mean).square().sum() / count);
    sum += std::pow(mean - V.center[k], 2) + std::pow(deviation - 1.0 / std::sqrt(V.precision[k]), 2);
  }
  return sum;
}

void add_particles(Distances& distances, const Recording& run, const Config& config) {
  const Index count = config.integer("product.particles");
  if (count == 0) return;
  if (run.parts->gaussian.size() == 0) {
    distances.particles_note = "no particles: they are in closed form for forward-backward between Gaussians";
    return;
  }
  if (static_cast<double>(run.marginals) * static_cast<double>(count) > most_numbers) {
    distances.particles_note = "no particles: " + std::to_string(count) + " of them in " +
                               std::to_string(run.marginals) + " dimensions do not fit";
    return;
  }
  const Eigen::MatrixXd rows = coordinates(*run.parts, run.marginals);
  const ProductParticles::Potential V{rows.col(2), rows.col(3)};
  NormalNumbers random(static_cast<std::uint64_t>(config.integer("run.seed")));
  ProductParticles particles({rows.col(0), rows.col(1)}, V, run.plan.gamma, count, random);
  distances.count = count;
  for (Index n = 0; n <= run.plan.run.steps; ++n) {
    if (n > 0) particles.advance();
    distances.particles.push_back(fitted_distance(particles.points(), V));
  }
}

}  // namespace

Distances distances_of(const Recording& run, const Config& config) {
  Distances distances;
  distances.dimension = run.parts ? run.marginals : run.plan.run.problem.grid.dimension();
  distances.grid = listed(run["w2_squared"]);
  distances.closed_form = listed(run.exact_w2);
  if (run.has("rate_right")) {
    distances.bound = listed(run["rate_right"]);
    distances.bound[0] = distances.grid[0];
  }
  if (run.parts) add_particles(distances, run, config);
  return distances;
}

void add_marginals(Validation& result, const Marginals& parts) {
  for (Index k = 0; k < parts.values.rows(); ++k) {
    MarginalResult marginal;
    for (std::size_t c = 0; c < parts.columns.size(); ++c) {
      marginal.keys.emplace_back(parts.columns[c], parts.values(k, static_cast<Index>(c)));
    }
    marginal.copies = parts.copies[static_cast<std::size_t>(k)];
    marginal.w2_first = parts.w2(0, k);
    marginal.w2_last = parts.w2(parts.w2.rows() - 1, k);
    marginal.kl_last = parts.kl[k];
    result.marginals.push_back(std::move(marginal));
  }
}

void add_reference_distances(Validation& result, const Recording& run) {
  for (const char* series : {"l1_reference", "l2_reference", "kl_reference", "w2_reference"}) {
    if (!run.has(series)) continue;
    const Eigen::VectorXd values = run[series];
    ReferenceDistance distance{series};
    for (Index n = 0; n < values.size(); ++n) {
      if (!std::isfinite(values[n])) continue;
      distance.last = values[n];
      distance.last_step = n;
      if (n > 0 && values[n] <= distance.largest) continue;
      distance.largest = values[n];
      distance.step = n;
    }
    result.references.push_back(distance);
  }
}

}  // namespace wpg
