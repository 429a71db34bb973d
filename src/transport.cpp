#include "wpg/transport.hpp"

#include <cmath>
#include <sstream>
#include <vector>

#include "wpg/error.hpp"
#include "wpg/reduce.hpp"
#include "wpg/transport/axis_remap.hpp"
#include "wpg/transport/preimage.hpp"
#include "wpg/transport/stretch.hpp"

namespace wpg {
namespace {

std::string text(double value) {
  std::ostringstream out;
  out.precision(10);
  out << value;
  return out.str();
}

/// The smallest eigenvalue of I - gamma D2V, refused unless positive.
void require_monotone(const Grid& grid, const Potential& potential, double gamma) {
  if (!(gamma > 0.0) || !std::isfinite(gamma)) throw InvalidValue("gamma", text(gamma), "positive and finite");
  const double stretch = transport::smallest_stretch(grid, ForwardMap(potential, gamma));
  if (stretch > 0.0) return;
  if (std::isnan(stretch)) {
    throw InvalidValue("gamma", text(gamma), "used with a potential whose second derivatives are finite on the grid");
  }
  throw InvalidValue("gamma", text(gamma), "below 1/L = " + text(gamma / (1.0 - stretch)) + " on this grid");
}

}  // namespace

struct Pushforward::Plan {
  Plan(const Grid& on, const GradientMap& map) : grid(on) {
    const transport::PreimageSolver solver(grid, map);
    for (int k = 0; k < grid.dimension(); ++k) {
      axes.emplace_back(grid, k, [&](Index line, std::span<double> faces) { solver.fill(k, line, faces); });
    }
  }

  Grid grid;
  std::vector<transport::AxisRemap> axes;
};

Pushforward::Pushforward(const Grid& grid, const Potential& potential, double gamma) {
  require_monotone(grid, potential, gamma);
  plan_ = std::make_unique<Plan>(grid, ForwardMap(potential, gamma));
}

Pushforward::Pushforward(const Grid& grid, const GradientMap& map) {
  const double stretch = transport::smallest_stretch(grid, map);
  if (!(stretch > 0.0)) {
    throw InvalidValue("map", "one whose Jacobian has a symmetric part with the eigenvalue " + text(stretch),
                       "strictly monotone on the grid, as the gradient of a strictly convex function is");
  }
  plan_ = std::make_unique<Plan>(grid, map);
}

Pushforward::~Pushforward() = default;
Pushforward::Pushforward(Pushforward&&) noexcept = default;

TransportReport Pushforward::apply(const Field& mu, Field& nu) const {
  if (!(mu.grid == plan_->grid && nu.grid == plan_->grid)) {
    throw InvalidValue("grid", "another grid", "the one that the pushforward was planned on");
  }
  const double mass = integral(mu);
  if (!(mass > 0.0) || !std::isfinite(mass)) throw InvalidValue("mass", text(mass), "positive and finite");
  transport::RemapSums total;
  const Values* from = &mu.values;
  for (const transport::AxisRemap& axis : plan_->axes) {
    const transport::RemapSums sums = axis.apply(*from, nu.values);
    total.clamped += sums.clamped;
    total.limited += sums.limited;
    from = &nu.values;
  }
  const double unit = plan_->grid.cell_volume() / mass;
  return {total.clamped * unit, total.limited * unit};
}

std::size_t Pushforward::memory() const {
  std::size_t bytes = 0;
  for (const transport::AxisRemap& axis : plan_->axes) bytes += axis.memory();
  return bytes;
}

}  // namespace wpg
