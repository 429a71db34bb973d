#include "jko/source_tensor.hpp"

#include <algorithm>
#include <cmath>

#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Eigenvalues of S are taken within these bounds: fans make it vanish, and no gap counts that is wider than a hundred
/// sqrt(epsilon).
constexpr double smallest_variance = 1e-3;
constexpr double largest_variance = 1e4;
/// Up to here, in units of epsilon, a conditional law has one part.
constexpr double one_part = 1.5;

/// Targets of less mass than this, relative to the largest of a cell of nu, give nothing.
constexpr double negligible = 1e-30;

}  // namespace

/// Of every target in a row: where its source is, in cells, its mass and its covariance.
struct SourceTensor::Row {
  std::vector<double> q, x, y, mass, xx, xy, yy;

  void resize(Index columns) {
    const auto size = static_cast<std::size_t>(columns + Index{4} * lanes);
    for (auto* values : {&q, &x, &y, &mass, &xx, &xy, &yy}) values->resize(size);
  }
};

SourceTensor::SourceTensor(const Grid& grid, double epsilon) : grid_(grid), differences_(grid, epsilon) {
  for (int k = 0; k < 2; ++k) {
    const double h = grid.axis(k).spacing();
    scale_[static_cast<std::size_t>(k)] = epsilon / (h * h);
  }
  for (auto& part : parts_) part.resize(static_cast<std::size_t>(grid.size()));
}

std::size_t SourceTensor::memory() const { return differences_.memory() + 2 * parts_[0].size() * sizeof(Entry); }

void SourceTensor::measure(const Values& log_q, const Values& log_rho, double log_unit, Index j, Row& row) const {
  const Index n = grid_.axis(0).cells, m = grid_.axis(1).cells;
  const bool wraps_x = grid_.axis(0).boundary == Boundary::periodic;
  const bool wraps_y = grid_.axis(1).boundary == Boundary::periodic;
  row.resize(n);
  const double* const q = log_q.data() + j * n;
  std::copy_n(q, n, row.q.begin() + 1);
  row.q.front() = q[wraps_x ? n - 1 : 0];
  row.q[static_cast<std::size_t>(n + 1)] = q[wraps_x ? 0 : n - 1];
  const double* const below = log_q.data() + (j > 0 ? j - 1 : (wraps_y ? m - 1 : 0)) * n;
  const double* const above = log_q.data() + (j + 1 < m ? j + 1 : (wraps_y ? 0 : m - 1)) * n;
  const double mixed = std::sqrt(scale_[0] * scale_[1]);
  // From differences along the diagonals, which are per squared length of a diagonal.
  const double per_diagonal = 0.25 * (std::sqrt(scale_[0] / scale_[1]) + std::sqrt(scale_[1] / scale_[0]));
  const double small = smallest_variance * std::min(scale_[0], scale_[1]);
  const double large = largest_variance * std::max(scale_[0], scale_[1]);
  Pack column;
  for (int lane = 0; lane < lanes; ++lane) column[lane] = lane;
  for (Index i = 0; i < n; i += lanes, column += static_cast<double>(lanes)) {
    const auto at = [&](Direction d) { return load(differences_.along(d).row(j) + i); };
    const Pack xx = scale_[0] * (1.0 + at(east));
    const Pack yy = scale_[1] * (1.0 + at(north));
    const Pack xy = mixed * per_diagonal * (at(northeast) - at(northwest));
    const Pack half = 0.5 * (xx - yy), mean = 0.5 * (xx + yy);
    const Pack radius = sqrt(half * half + xy * xy);
    const Pack longer = min(max(mean + radius, broadcast(small)), broadcast(large));
    const Pack shorter = min(max(mean - radius, broadcast(small)), broadcast(large));
    const Pack centre = 0.5 * (longer + shorter);
    const Pack turn = 0.5 * (longer - shorter) / max(radius, broadcast(1e-300));
    const Pack mass = exp(load_some(log_rho.data() + j * n + i, n - i, -1e4) - log_unit);
    store(row.x.data() + i, column + 0.5 * scale_[0] * (load(row.q.data() + i + 2) - load(row.q.data() + i)));
    store(row.y.data() + i,
          static_cast<double>(j) +
              0.5 * scale_[1] * (load_some(above + i, n - i, 0.0) - load_some(below + i, n - i, 0.0)));
    store(row.mass.data() + i, mass);
    store(row.xx.data() + i, centre + turn * half);
    store(row.xy.data() + i, turn * xy);
    store(row.yy.data() + i, centre - turn * half);
  }
}

SourceTensor::Share SourceTensor::share(int axis, double position) const {
  const Index n = grid_.axis(axis).cells;
  if (grid_.axis(axis).boundary == Boundary::periodic) {
    const double below = std::floor(position);
    const Index lower = ((static_cast<Index>(below) % n) + n) % n;
    return {lower, (lower + 1) % n, static_cast<float>(position - below)};
  }
  const double inside = std::min(static_cast<double>(n - 1), std::max(0.0, position));
  const Index lower = std::min(static_cast<Index>(inside), n - 2);
  return {lower, lower + 1, static_cast<float>(inside - static_cast<double>(lower))};
}

void SourceTensor::give(double x, double y, Entry entry, Entry* to) const {
  const Share a = share(0, x), b = share(1, y);
  const Index n = grid_.axis(0).cells;
  const Entry upper = b.weight * entry, lower = entry - upper;
  to[b.lower * n + a.upper] += a.weight * lower;
  to[b.lower * n + a.lower] += (1.0F - a.weight) * lower;
  to[b.upper * n + a.upper] += a.weight * upper;
  to[b.upper * n + a.lower] += (1.0F - a.weight) * upper;
}

void SourceTensor::spread(const Row& row, Index j, Entry* to) const {
  const double smeared = one_part * std::max(scale_[0], scale_[1]);
  const Index n = grid_.axis(0).cells;
  for (Index i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    const double mass = row.mass[k], x = row.x[k], y = row.y[k];
    // Positions mean nothing where log q is infinite.
    if (!(mass > negligible) || !(std::abs(x - static_cast<double>(i)) + std::abs(y - static_cast<double>(j)) < 1e6)) {
      continue;
    }
    const double xx = row.xx[k], xy = row.xy[k], yy = row.yy[k];
    const Entry entry = {static_cast<float>(mass), static_cast<float>(mass * xx), static_cast<float>(mass * xy),
                         static_cast<float>(mass * yy)};
    const double longer = 0.5 * (xx + yy) + std::hypot(0.5 * (xx - yy), xy);
    if (longer < smeared) {
      give(x, y, entry, to);
      continue;
    }
    const double angle = 0.5 * std::atan2(2.0 * xy, xx - yy);
    const double extent = std::sqrt(longer);
    const int points = static_cast<int>(std::ceil(2.0 * extent));
    const Entry share = (1.0F / static_cast<float>(points)) * entry;
    for (int p = 0; p < points; ++p) {
      const double t = extent * ((2.0 * p + 1.0) / points - 1.0);
      give(x + t * std::cos(angle), y + t * std::sin(angle), share, to);
    }
  }
}

void SourceTensor::update(const Values& log_q, const Values& log_rho, double log_unit) {
  differences_.update(log_q);
  const Index rows = grid_.axis(1).cells;
  parallel_sweep(2, grid_.size(), [&](Index half) {
    thread_local Row row;
    auto& part = parts_[static_cast<std::size_t>(half)];
    std::fill(part.begin(), part.end(), Entry{});
    for (Index j = half * rows / 2; j < (half + 1) * rows / 2; ++j) {
      measure(log_q, log_rho, log_unit, j, row);
      spread(row, j, part.data());
    }
  });
}

}  // namespace wpg
