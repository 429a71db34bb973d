#include "jko/given_tensor.hpp"

#include <algorithm>
#include <cmath>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Eigenvalues of S are taken within these bounds: fans make it vanish, and where log q is infinite nearby it is none.
constexpr double smallest_variance = 1e-3;
constexpr double largest_variance = 1e4;

/// The potential beyond the end of a line: mirrored at a wall, where its slope vanishes, wrapped, or continued.
double beyond(Boundary boundary, double last, double before, double other_end) {
  switch (boundary) {
    case Boundary::periodic:
      return other_end;
    case Boundary::free:
      return 2.0 * last - before;
    case Boundary::reflecting:
      break;
  }
  return last;
}

}  // namespace

GivenTensor::GivenTensor(const Grid& grid, double epsilon, Spread spread)
    : grid_(grid), differences_(grid, epsilon), spread_(spread) {
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

/// Means of a row's givers.
void GivenTensor::locate(const Values& log_potential, Index j, Row& row) const {
  const Index n = grid_.axis(0).cells, m = grid_.axis(1).cells;
  const bool wraps = grid_.axis(1).boundary == Boundary::periodic;
  const double* const q = log_potential.data() + j * n;
  std::copy_n(q, n, row.q.begin() + 1);
  row.q.front() = beyond(grid_.axis(0).boundary, q[0], q[1], q[n - 1]);
  row.q[static_cast<std::size_t>(n + 1)] = beyond(grid_.axis(0).boundary, q[n - 1], q[n - 2], q[0]);
  const double* const below = log_potential.data() + (j > 0 ? j - 1 : (wraps ? m - 1 : 0)) * n;
  const double* const above = log_potential.data() + (j + 1 < m ? j + 1 : (wraps ? 0 : m - 1)) * n;
  const bool one_sided = grid_.axis(1).boundary == Boundary::free && (j == 0 || j + 1 == m);
  const double slope_y = (one_sided ? 1.0 : 0.5) * scale_[1];
  for (Index i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    row.x[k] = static_cast<double>(i) + 0.5 * scale_[0] * (row.q[k + 2] - row.q[k]);
    row.y[k] = static_cast<double>(j) + slope_y * (above[i] - below[i]);
  }
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

void GivenTensor::update(const Values& log_potential, const Values& log_density, double log_unit,
                         const NearCells* near) {
  const Index rows = grid_.axis(1).cells, n = grid_.axis(0).cells;
  parallel_sweep(2, grid_.size(), [&](Index half) {
    thread_local Row row;
    row.resize(n);
    auto& part = parts_[static_cast<std::size_t>(half)];
    for (Index j = 0; j < rows; ++j) {
      if (near == nullptr || near->row(j)) std::fill_n(part.begin() + j * n, n, Entry{});
    }
    for (Index j = half * rows / 2; j < (half + 1) * rows / 2; ++j) {
      locate(log_potential, j, row);
      bool wanted = near == nullptr;
      for (std::size_t i = 0; !wanted && i < static_cast<std::size_t>(n); ++i) wanted = near->at(row.x[i], row.y[i]);
      if (!wanted) continue;
      measure(log_potential, log_density, log_unit, j, row);
      spread(row, log_density, j, near, part.data());
    }
  });
}

}  // namespace wpg
