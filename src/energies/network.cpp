#include "wpg/energies/network.hpp"

#include <cmath>

#include "text.hpp"
#include "wpg/difference.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

std::span<const double> point_of(const Regression& data, Index p) {
  return {data.x.col(p).data(), static_cast<std::size_t>(data.x.rows())};
}

void check(const Grid& grid, const Neuron& neuron, const Regression& data) {
  const auto numbers = [](Index n) { return std::to_string(n); };
  if (neuron.dimension() != grid.dimension()) {
    throw InvalidValue("parameters", numbers(neuron.dimension()) + " words", "one per axis of the grid");
  }
  if (data.x.cols() == 0 || data.y.size() != data.x.cols() || data.weight.size() != data.x.cols()) {
    throw InvalidValue("data", numbers(data.x.cols()) + " points", "at least one, each with its truth and its weight");
  }
  if (data.x.rows() != neuron.inputs()) {
    throw InvalidValue("data", numbers(data.x.rows()) + " inputs",
                       numbers(neuron.inputs()) + ", as the parameters have it");
  }
  if (!data.x.allFinite() || !data.y.isFinite().all() || !(data.weight > 0.0).all()) {
    throw InvalidValue("data", "not finite", "finite, with positive weights");
  }
}

/// On a periodic axis phi has to take the same values at both ends.
void check_periodic(const Grid& grid, int axis, const Neuron& neuron, const Regression& data) {
  const Lines across = lines(grid, axis);
  for (Index line = 0; line < across.count; ++line) {
    Point lower = grid.center(across.first(line));
    Point upper = lower;
    lower[axis] = grid.axis(axis).lower;
    upper[axis] = grid.axis(axis).upper;
    for (Index p = 0; p < data.x.cols(); ++p) {
      const double a = neuron(lower, point_of(data, p));
      const double b = neuron(upper, point_of(data, p));
      // The ends of the box are rounded, and so are the arguments of phi.
      if (std::abs(a - b) <= 1e-9 * (1.0 + std::abs(a) + std::abs(b))) continue;
      throw InvalidValue(
          "boundary", "periodic",
          "reflecting or free along axis " + std::to_string(axis + 1) + ": the network's phi differs between its ends");
    }
  }
}

}  // namespace

Network::Network(const Grid& grid, const Neuron& neuron, Regression data, double strength)
    : data_(std::move(data)), strength_(strength), slopes_(grid) {
  if (!(strength > 0.0) || !std::isfinite(strength)) {
    throw InvalidValue("strength", shortest(strength), "positive and finite for a network");
  }
  check(grid, neuron, data_);
  for (int k = 0; k < grid.dimension(); ++k) {
    if (grid.axis(k).boundary == Boundary::periodic) check_periodic(grid, k, neuron, data_);
  }
  data_.weight /= data_.weight.sum();
  sample_features(grid, neuron);
  measure_slopes(grid);
}

void Network::sample_features(const Grid& grid, const Neuron& neuron) {
  features_.resize(grid.size(), data_.x.cols());
  parallel_sweep(data_.x.cols(), features_.size(), [&](Index p) {
    for (Index cell = 0; cell < grid.size(); ++cell) {
      features_(cell, p) = neuron(grid.center(cell), point_of(data_, p));
    }
  });
  if (!features_.isFinite().all()) throw InvalidValue("network", "not finite", "finite at every cell and point");
}

void Network::measure_slopes(const Grid& grid) {
  Values slope(grid.size());
  for (Index p = 0; p < data_.x.cols(); ++p) {
    const Values feature = features_.col(p);
    for (int k = 0; k < grid.dimension(); ++k) {
      difference(grid, k, Ends::extrapolated, feature, 1.0, slope);
      slopes_.values += strength_ * data_.weight[p] * slope.square();
    }
  }
}

Values Network::fit(const Field& rho) const {
  Values f(data_.x.cols());
  for (Index p = 0; p < f.size(); ++p) {
    f[p] = rho.grid.cell_volume() * blockwise_sum(rho.values.size(), [&](Index begin, Index end) {
             const Index n = end - begin;
             return (features_.col(p).segment(begin, n) * rho.values.segment(begin, n)).sum();
           });
  }
  return f;
}

double Network::value(const Field& rho) const {
  return 0.5 * strength_ * (data_.weight * (fit(rho) - data_.y).square()).sum();
}

void Network::add_first_variation(const Field& rho, Values& sum) const {
  const Values factors = strength_ * data_.weight * (fit(rho) - data_.y);
  parallel_blocks(sum.size(), [&](Index begin, Index end) {
    const Index n = end - begin;
    for (Index p = 0; p < factors.size(); ++p) {
      sum.segment(begin, n) += factors[p] * features_.col(p).segment(begin, n);
    }
  });
}

double Network::response_rate(const Field& rho) const { return integral(slopes_, rho); }

std::size_t Network::memory() const {
  return static_cast<std::size_t>(features_.size() + data_.x.size() + 2 * data_.y.size() + slopes_.values.size()) *
         sizeof(double);
}

}  // namespace wpg
