#include "jko/given_tensor.hpp"

#include <algorithm>
#include <cmath>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Eigenvalues of S are taken within these bounds: fans make it vanish, and where log q is infinite nearby it is none.
constexpr double smallest_variance = 1e-3;
constexpr double largest_variance = 1e4;

}  // namespace

GivenTensor::GivenTensor(const Grid& grid, double epsilon)
    : grid_(grid), means_(grid, epsilon), differences_(grid, epsilon) {
  for (int k = 0; k < 2; ++k) {
    const double h = grid.axis(k).spacing();
    scale_[static_cast<std::size_t>(k)] = epsilon / (h * h);
  }
  for (auto& part : parts_) part.resize(static_cast<std::size_t>(grid.size()));
}

GivenTensor::Pieces GivenTensor::from(Index cell, Index count) const {
  Pieces p{};
  for (int lane = 0; lane < lanes && lane < count; ++lane) {
    const Entry entry = at(cell + lane);
    p.mass[lane] = entry[0], p.xx[lane] = entry[1], p.xy[lane] = entry[2], p.yy[lane] = entry[3];
  }
  return p;
}

/// Mass and epsilon S of a row's givers.
void GivenTensor::measure(const Values& log_potential, const Values& log_density, double log_unit, Index j,
                          Row& row) const {
  auto& d = row.differences;
  differences_.take(log_potential, j, {d[east].data(), d[north].data(), d[northeast].data(), d[northwest].data()});
  const Index n = grid_.axis(0).cells;
  // Mixed derivatives come from differences along the diagonals, which are per squared length of a diagonal.
  const double mixed = 0.25 * (scale_[0] + scale_[1]);
  const double small = smallest_variance * std::min(scale_[0], scale_[1]);
  const double large = largest_variance * std::max(scale_[0], scale_[1]);
  for (Index i = 0; i < n; i += lanes) {
    const auto at = [&](Direction along) { return load(d[along].data() + i); };
    const Pack xx = scale_[0] * (1.0 + at(east));
    const Pack yy = scale_[1] * (1.0 + at(north));
    const Pack xy = mixed * (at(northeast) - at(northwest));
    const Pack half = 0.5 * (xx - yy), mean = 0.5 * (xx + yy);
    const Pack radius = sqrt(half * half + xy * xy);
    const Pack longer = min(max(mean + radius, broadcast(small)), broadcast(large));
    const Pack shorter = min(max(mean - radius, broadcast(small)), broadcast(large));
    const Pack centre = 0.5 * (longer + shorter);
    const Pack turn = 0.5 * (longer - shorter) / max(radius, broadcast(1e-300));
    store(row.mass.data() + i, exp(load_some(log_density.data() + j * n + i, n - i, -1e4) - log_unit));
    store(row.xx.data() + i, centre + turn * half);
    store(row.xy.data() + i, turn * xy);
    store(row.yy.data() + i, centre - turn * half);
  }
}

void GivenTensor::update(const Values& log_potential, const Values& log_density, double log_unit) {
  const Index rows = grid_.axis(1).cells, n = grid_.axis(0).cells;
  parallel_sweep(2, grid_.size(), [&](Index half) {
    thread_local Row row;
    row.resize(n);
    auto& part = parts_[static_cast<std::size_t>(half)];
    std::fill(part.begin(), part.end(), Entry{});
    for (Index j = half * rows / 2; j < (half + 1) * rows / 2; ++j) {
      means_.take(log_potential, j, row.x.data(), row.y.data());
      measure(log_potential, log_density, log_unit, j, row);
      spread(row, j, part.data());
    }
  });
}

}  // namespace wpg
