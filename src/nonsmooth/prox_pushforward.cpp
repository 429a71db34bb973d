#include "wpg/nonsmooth/prox_pushforward.hpp"

#include <algorithm>
#include <cmath>

#include "admissible.hpp"
#include "nonsmooth/prox_axis.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// Images this close to a cell centre, in cells, are the centre: rounding must not spread mass over empty cells.
constexpr double close = 1e-9;

void check(const Grid& grid, const Nonsmooth& F, double gamma) {
  require_positive("gamma", gamma);
  for (const Axis& axis : grid.axes()) {
    if (axis.boundary == Boundary::periodic) throw InvalidValue("boundary", "periodic", "reflecting or free");
  }
  if (!F.separable() && !nonsmooth_field(grid, F).values.isFinite().all()) {
    throw InvalidValue("F", "infinite somewhere and not separable", "finite at every cell centre, or separable");
  }
}

}  // namespace

ProxPushforward::ProxPushforward(const Grid& grid, const Nonsmooth& F, double gamma) : grid_(grid), work_(grid.size()) {
  check(grid, F, gamma);
  F.separable() ? plan_sweeps(F, gamma) : plan_deposits(F, gamma);
}

void ProxPushforward::plan_sweeps(const Nonsmooth& F, double gamma) {
  for (int k = 0; k < grid_.dimension(); ++k) {
    const ProxAxis axis(grid_, k, F, gamma);
    const auto remap = [&](double ProxAxis::Preimage::*end) {
      return transport::AxisRemap(grid_, k, [&](Index, std::span<double> faces) {
        std::transform(axis.preimages().begin(), axis.preimages().end(), faces.begin(),
                       [&](const ProxAxis::Preimage& p) { return p.*end; });
      });
    };
    Sweep sweep;
    sweep.sides.push_back(remap(&ProxAxis::Preimage::first));
    if (axis.splits()) sweep.sides.push_back(remap(&ProxAxis::Preimage::last));
    sweeps_.push_back(std::move(sweep));
  }
}

void ProxPushforward::plan_deposits(const Nonsmooth& F, double gamma) {
  deposits_.resize(static_cast<std::size_t>(grid_.size()));
  parallel_for(grid_.size(), [&](Index cell) {
    const Point y = F.prox(grid_.center(cell), gamma);
    Deposit& to = deposits_[static_cast<std::size_t>(cell)];
    for (int k = 0; k < grid_.dimension(); ++k) {
      const Axis& axis = grid_.axis(k);
      const double last = static_cast<double>(axis.cells - 1);
      to.outside = to.outside || y[k] < axis.lower || y[k] > axis.upper;
      double t = std::clamp((y[k] - axis.lower) / axis.spacing() - 0.5, 0.0, last);
      if (std::abs(t - std::round(t)) < close) t = std::round(t);
      const double whole = std::floor(t);
      to.cell += static_cast<Index>(whole) * grid_.stride(k);
      to.share[k] = t - whole;
    }
  });
}

TransportReport ProxPushforward::apply(Field& rho) {
  if (!(rho.grid == grid_)) throw InvalidValue("grid", "another grid", "the one that the map was planned on");
  return deposits_.empty() ? sweep(rho) : deposit(rho);
}

TransportReport ProxPushforward::sweep(Field& rho) {
  const double unit = grid_.cell_volume() / integral(rho);
  TransportReport report;
  const auto add = [&](const transport::RemapSums& sums, double share) {
    report.clamped_mass += share * unit * sums.clamped;
    report.limited_mass += share * unit * sums.limited;
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

/// By one thread: the order in which masses are added is then always the same.
TransportReport ProxPushforward::deposit(Field& rho) {
  const double unit = grid_.cell_volume() / integral(rho);
  TransportReport report;
  work_.setZero();
  const int corners = 1 << grid_.dimension();
  for (Index cell = 0; cell < grid_.size(); ++cell) {
    const Deposit& to = deposits_[static_cast<std::size_t>(cell)];
    if (to.outside) report.clamped_mass += unit * rho.values[cell];
    for (int corner = 0; corner < corners; ++corner) {
      double part = rho.values[cell];
      Index at = to.cell;
      for (int k = 0; k < grid_.dimension(); ++k) {
        const bool next = (corner >> k & 1) != 0;
        part *= next ? to.share[k] : 1.0 - to.share[k];
        at += next ? grid_.stride(k) : 0;
      }
      if (part > 0.0) work_[at] += part;
    }
  }
  rho.values.swap(work_);
  return report;
}

std::size_t ProxPushforward::memory() const {
  std::size_t bytes = static_cast<std::size_t>(work_.size()) * sizeof(double) + deposits_.size() * sizeof(Deposit);
  for (const Sweep& axis : sweeps_) {
    for (const transport::AxisRemap& remap : axis.sides) bytes += remap.memory();
  }
  return bytes;
}

}  // namespace wpg
