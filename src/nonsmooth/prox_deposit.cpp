#include <algorithm>
#include <cmath>

#include "nonsmooth/prox_axis.hpp"
#include "wpg/nonsmooth/prox_pushforward.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// Images this close to a cell centre, in cells, are the centre: rounding must not spread mass over empty cells.
constexpr double close_to_center = 1e-9;
/// Share of the smaller of its two cells that the antidiffusion may carry across a face: with two faces a cell loses at
/// most half.
constexpr double largest_share = 0.25;

}  // namespace

void ProxPushforward::plan_deposits(const Potential* V, const Nonsmooth& F, double gamma) {
  const int d = grid_.dimension();
  std::vector<Index> begin, end;
  for (int k = 0; k < d; ++k) {
    const ProxAxis axis(grid_, k, nullptr, F, gamma);
    begin.push_back(F.separable() ? axis.begin() : 0);
    end.push_back(F.separable() ? axis.end() : grid_.axis(k).cells);
  }
  variances_.assign(static_cast<std::size_t>(d), Values(grid_.size()));
  deposits_.resize(static_cast<std::size_t>(grid_.size()));
  parallel_for(grid_.size(), [&](Index cell) {
    const Point x = grid_.center(cell);
    const Point y = F.prox(V != nullptr ? Point(x - gamma * V->gradient(x)) : x, gamma);
    Deposit& to = deposits_[static_cast<std::size_t>(cell)];
    for (int k = 0; k < d; ++k) {
      const Axis& axis = grid_.axis(k);
      const auto at = static_cast<std::size_t>(k);
      to.outside = to.outside || y[k] < axis.lower || y[k] > axis.upper;
      double t = std::clamp((y[k] - axis.lower) / axis.spacing() - 0.5, static_cast<double>(begin[at]),
                            static_cast<double>(end[at] - 1));
      if (std::abs(t - std::round(t)) < close_to_center) t = std::round(t);
      const double whole = std::floor(t);
      to.cell += static_cast<Index>(whole) * grid_.stride(k);
      to.share[k] = t - whole;
    }
  });
}

/// By one thread: the order in which masses are added is then always the same.
TransportReport ProxPushforward::deposit(Field& rho) {
  TransportReport report;
  work_.setZero();
  for (Values& variance : variances_) variance.setZero();
  for (Index cell = 0; cell < grid_.size(); ++cell) {
    const Deposit& to = deposits_[static_cast<std::size_t>(cell)];
    if (to.outside) report.clamped_mass += rho.values[cell];
    if (rho.values[cell] > 0.0) spread(to, rho.values[cell]);
  }
  for (int k = 0; k < grid_.dimension(); ++k) report.limited_mass += sharpen(k);
  rho.values.swap(work_);
  return report;
}

void ProxPushforward::spread(const Deposit& to, double mass) {
  const int d = grid_.dimension();
  for (int corner = 0; corner < 1 << d; ++corner) {
    double part = mass;
    Index at = to.cell;
    for (int k = 0; k < d; ++k) {
      const bool next = (corner >> k & 1) != 0;
      part *= next ? to.share[k] : 1.0 - to.share[k];
      at += next ? grid_.stride(k) : 0;
    }
    if (!(part > 0.0)) continue;
    work_[at] += part;
    for (int k = 0; k < d; ++k) {
      variances_[static_cast<std::size_t>(k)][at] += part * to.share[k] * (1.0 - to.share[k]);
    }
  }
}

/// Takes back the variance that the deposit has added along an axis: m - (second difference of the variance)/2, as
/// fluxes between cells. Returns the sum of what the bound cut off.
double ProxPushforward::sharpen(int axis) {
  const Lines all = lines(grid_, axis);
  const Values& variance = variances_[static_cast<std::size_t>(axis)];
  double* const partial = partial_sums(all.count);
  parallel_sweep(all.count, grid_.size(), [&](Index line) {
    const Index first = all.first(line);
    double cut = 0.0, inflow = 0.0, before = work_[first];
    for (Index i = 0; i < all.length; ++i) {
      const Index at = first + i * all.stride;
      const bool last = i + 1 == all.length;
      const double after = last ? 0.0 : work_[at + all.stride];
      const double wanted = last ? 0.0 : 0.5 * (variance[at + all.stride] - variance[at]);
      const double most = largest_share * std::min(before, after);
      const double outflow = std::clamp(wanted, -most, most);
      cut += std::abs(wanted - outflow);
      work_[at] = before + inflow - outflow;
      inflow = outflow;
      before = after;
    }
    partial[line] = cut;
  });
  double total = 0.0;
  for (Index line = 0; line < all.count; ++line) total += partial[line];
  return total;
}

}  // namespace wpg
