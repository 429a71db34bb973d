#include "jko/axis_preconditioner.hpp"

#include <algorithm>

#include "jko/face.hpp"
#include "jko/line_solver.hpp"
#include "jko/short_waves.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

struct AxisPreconditioner::Workspace {
  /// Row i: (1 + up + down) z_i - up z_{i+1} - down z_{i-1} = right; the solution takes the place of `right`.
  std::vector<Pack> up, down, right;
  std::vector<Pack> log_rho, variance, extra, short_waves;
  std::vector<Pack> eliminated;

  void prepare(Index length) {
    if (static_cast<Index>(extra.size()) >= length) return;
    for (auto* packs : {&up, &down, &right, &log_rho, &variance, &extra, &short_waves}) {
      packs->resize(static_cast<std::size_t>(length));
    }
  }
  void solve(Index length) {
    LineSolver<1> lines(eliminated, length);
    for (Index i = 0; i < length; ++i) lines.eliminate(i, 0, {broadcast(1.0), up[i], down[i], right[i]});
    for (Index i = length; i-- > 0;) right[i] = lines.substitute(i, 0);
  }
};

AxisPreconditioner::AxisPreconditioner(const Grid& grid, double gamma_prime, double epsilon, int axes)
    : variance_(grid, epsilon, axes), log_rho_(grid.size()) {
  for (int k = 0; k < std::min(axes, grid.dimension()); ++k) {
    const double h = grid.axis(k).spacing();
    sweeps_.push_back(
        {Bundles(grid, k), grid.axis(k).boundary, (gamma_prime + epsilon) / (h * h), gamma_prime / epsilon + 1.0});
  }
}

void AxisPreconditioner::update(const Values& log_q, const Values& log_rho, const Values& trust,
                                const SourceSide* /*source*/) {
  variance_.update(log_q, trust);
  parallel_blocks(log_rho.size(), [&](Index begin, Index end) {
    log_rho_.segment(begin, end - begin) = log_rho.segment(begin, end - begin);
  });
}

void AxisPreconditioner::apply(const Values& r, double largest, bool short_waves, Values& z) {
  parallel_blocks(z.size(), [&](Index begin, Index end) {
    const Index n = end - begin;
    z.segment(begin, n) = r.segment(begin, n).max(-largest).min(largest);
  });
  for (std::size_t k = 0; k < sweeps_.size(); ++k) {
    sweeps_[k].apply(variance_.along(static_cast<int>(k)).data(), log_rho_.data(), short_waves && sweeps_.size() == 1,
                     z.data());
  }
}

std::size_t AxisPreconditioner::memory() const {
  return variance_.memory() + static_cast<std::size_t>(log_rho_.size()) * sizeof(double);
}

void AxisPreconditioner::Sweep::apply(const double* variance, const double* log_rho, bool short_waves,
                                      double* z) const {
  parallel_sweep(bundles.count(), bundles.cells(), [&](Index bundle) {
    thread_local Workspace work;
    work.prepare(bundles.length());
    bundles.gather(variance, bundle, work.variance.data());
    bundles.gather(log_rho, bundle, work.log_rho.data());
    bundles.gather(z, bundle, work.right.data());
    make_coefficients(work);
    if (short_waves) make_short_waves(work);
    boundary == Boundary::periodic ? solve_cyclic(work) : work.solve(bundles.length());
    for (Index i = 0; short_waves && i < bundles.length(); ++i) work.right[i] += work.short_waves[i];
    bundles.scatter(work.right.data(), bundle, z);
  });
}

void AxisPreconditioner::Sweep::make_coefficients(Workspace& work) const {
  const Index n = bundles.length();
  const bool wraps = boundary == Boundary::periodic;
  work.down[0] = work.up[n - 1] = Pack{};
  for (Index i = 0; i + (wraps ? 0 : 1) < n; ++i) {
    const Index j = i + 1 < n ? i + 1 : 0;
    const Pack variance = min(work.variance[i], work.variance[j]);
    const FaceWeights face = face_weights(work.log_rho[j] - work.log_rho[i]);
    work.up[i] = coupling / variance * face.from_i;
    work.down[j] = coupling / variance * face.from_j;
  }
}

/// ShortWaves on a line, where the sum D of a cell's couplings is 2 T for epsilon = h^2 instead of 10/3 T.
void AxisPreconditioner::Sweep::make_short_waves(Workspace& work) const {
  const Index n = bundles.length();
  const double share = 1.0 / (unit - 1.0);
  for (Index i = 0; i < n; ++i) {
    const Pack neighbours =
        work.down[i] * work.right[i > 0 ? i - 1 : n - 1] + work.up[i] * work.right[i + 1 < n ? i + 1 : 0];
    work.short_waves[i] =
        share * ShortWaves{(3.0 / 5) * unit}.of(work.right[i], neighbours, work.down[i] + work.up[i], 0.14);
  }
}

/// The coupling across the seam as a rank-one update (Sherman, Morrison) of the system without it, whose first and last
/// rows keep the seam's coupling on the diagonal.
void AxisPreconditioner::Sweep::solve_cyclic(Workspace& work) const {
  const Index n = bundles.length();
  const Pack a = work.down[0];    // row 0 couples to z[n-1]
  const Pack b = work.up[n - 1];  // row n-1 couples to z[0]
  // T = A - u v^T with u = (-1, 0, ..., -b/s) and v = (s, 0, ..., a): adds s and a b/s to the corners of the diagonal.
  const Pack s = max(a, broadcast(1e-30));
  const Pack c = b * (a / s);
  Pack t = broadcast(1.0);
  Pack z{};
  Pack y{};
  for (Index i = 0; i < n; ++i) {
    const Pack down = i > 0 ? work.down[i] : Pack{};
    const Pack up = i + 1 < n ? work.up[i] : Pack{};
    const Pack seam = i == 0 ? a + s : (i == n - 1 ? b + c : Pack{});
    const Pack u = i == 0 ? broadcast(-1.0) : (i == n - 1 ? -(b / s) : Pack{});
    const Pack lower = 1.0 + seam + down * t;
    const Pack inverse = 1.0 / (lower + up);
    z = (work.right[i] + down * z) * inverse;
    y = (u + down * y) * inverse;
    t = lower * inverse;
    work.right[i] = z;
    work.extra[i] = y;
    work.up[i] = up * inverse;
  }
  for (Index i = n - 1; i-- > 0;) {
    work.right[i] += work.up[i] * work.right[i + 1];
    work.extra[i] += work.up[i] * work.extra[i + 1];
  }
  const Pack vz = s * work.right[0] + a * work.right[n - 1];
  const Pack vy = s * work.extra[0] + a * work.extra[n - 1];
  const Pack factor = vz / (1.0 + vy);
  for (Index i = 0; i < n; ++i) work.right[i] -= factor * work.extra[i];
}

}  // namespace wpg
