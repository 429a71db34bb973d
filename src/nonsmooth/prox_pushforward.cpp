#include "wpg/nonsmooth/prox_pushforward.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "admissible.hpp"
#include "nonsmooth/prox_axis.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"
#include "wpg/transport/stretch.hpp"

namespace wpg {
namespace {

void check(const Grid& grid, const Potential* V, const Nonsmooth& F, double gamma) {
  require_positive("gamma", gamma);
  for (const Axis& axis : grid.axes()) {
    if (axis.boundary == Boundary::periodic) throw InvalidValue("boundary", "periodic", "reflecting or free");
  }
  if (!F.separable() && !nonsmooth_field(grid, F).values.isFinite().all()) {
    throw InvalidValue("F", "infinite somewhere and not separable", "finite at every cell centre, or separable");
  }
  if (V != nullptr && !(transport::smallest_stretch(grid, ForwardMap(*V, gamma)) > 0.0)) {
    throw InvalidValue("gamma", written(gamma), "below 1/L");
  }
}

}  // namespace

ProxPushforward::ProxPushforward(const Grid& grid, const Potential* V, const Nonsmooth& F, double gamma)
    : grid_(grid), work_(grid.size()) {
  check(grid, V, F, gamma);
  const bool by_axis = F.separable() && (V == nullptr || grid.dimension() == 1);
  by_axis ? plan_sweeps(V, F, gamma) : plan_deposits(V, F, gamma);
}

void ProxPushforward::plan_sweeps(const Potential* V, const Nonsmooth& F, double gamma) {
  for (int k = 0; k < grid_.dimension(); ++k) {
    const std::vector<ProxAxis::Preimage> preimages = ProxAxis(grid_, k, V, F, gamma).preimages();
    const auto remap = [&](double ProxAxis::Preimage::*end) {
      const auto fill = [&](Index, std::span<double> faces) {
        std::transform(preimages.begin(), preimages.end(), faces.begin(),
                       [&](const ProxAxis::Preimage& p) { return p.*end; });
      };
      return transport::AxisRemap(grid_, k, fill, transport::AxisRemap::CellValue::average);
    };
    const bool split =
        std::any_of(preimages.begin(), preimages.end(), [](const ProxAxis::Preimage& p) { return p.first < p.last; });
    Sweep sweep;
    sweep.sides.push_back(remap(&ProxAxis::Preimage::first));
    if (split) sweep.sides.push_back(remap(&ProxAxis::Preimage::last));
    sweeps_.push_back(std::move(sweep));
  }
}

TransportReport ProxPushforward::apply(Field& rho) {
  if (!(rho.grid == grid_)) throw InvalidValue("grid", "another grid", "the one that the map was planned on");
  const double mass = integral(rho);
  if (!(mass > 0.0) || !std::isfinite(mass)) throw InvalidValue("mass", written(mass), "positive and finite");
  TransportReport report = deposits_.empty() ? sweep(rho) : deposit(rho);
  report.clamped_mass *= grid_.cell_volume() / mass;
  report.limited_mass *= grid_.cell_volume() / mass;
  return report;
}

TransportReport ProxPushforward::sweep(Field& rho) {
  TransportReport report;
  const auto add = [&](const transport::RemapSums& sums, double share) {
    report.clamped_mass += share * sums.clamped;
    report.limited_mass += share * sums.limited;
  };
  for (const Sweep& axis : sweeps_) {
    const double share = 1.0 / static_cast<double>(axis.sides.size());
    if (axis.sides.size() > 1) add(axis.sides[1].apply(rho.values, work_), share);
    add(axis.sides[0].apply(rho.values, rho.values), share);
    if (axis.sides.size() == 1) continue;
    parallel_blocks(grid_.size(), [&](Index begin, Index end) {
      const Index n = end - begin;
      rho.values.segment(begin, n) = 0.5 * (rho.values.segment(begin, n) + work_.segment(begin, n));
    });
  }
  return report;
}

std::size_t ProxPushforward::memory() const {
  std::size_t bytes = static_cast<std::size_t>(work_.size()) * (1 + variances_.size()) * sizeof(double) +
                      deposits_.size() * sizeof(Deposit);
  for (const Sweep& axis : sweeps_) {
    for (const transport::AxisRemap& remap : axis.sides) bytes += remap.memory();
  }
  return bytes;
}

}  // namespace wpg
