#include "jko/axis_preconditioner.hpp"

#include <algorithm>

#include "jko/face.hpp"
#include "jko/tridiagonal.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

struct AxisPreconditioner::Workspace {
  Tridiagonal system;
  std::vector<Pack> log_rho, variance, extra;

  void prepare(Index length) {
    system.prepare(length);
    if (static_cast<Index>(extra.size()) >= length) return;
    for (auto* packs : {&log_rho, &variance, &extra}) packs->resize(static_cast<std::size_t>(length));
  }
};

AxisPreconditioner::AxisPreconditioner(const Grid& grid, double gamma_prime, double epsilon, int axes)
    : variance_(grid, epsilon, axes), log_rho_(grid.size()) {
  for (int k = 0; k < std::min(axes, grid.dimension()); ++k) {
    const double h = grid.axis(k).spacing();
    sweeps_.push_back({Bundles(grid, k), grid.axis(k).boundary, (gamma_prime + epsilon) / (h * h)});
  }
}

void AxisPreconditioner::update(const Values& log_q, const Values& log_rho, const Values& trust) {
  variance_.update(log_q, trust);
  parallel_blocks(log_rho.size(), [&](Index begin, Index end) {
    log_rho_.segment(begin, end - begin) = log_rho.segment(begin, end - begin);
  });
}

void AxisPreconditioner::apply(Values& z) {
  for (std::size_t k = 0; k < sweeps_.size(); ++k) {
    sweeps_[k].apply(variance_.along(static_cast<int>(k)).data(), log_rho_.data(), z.data());
  }
}

std::size_t AxisPreconditioner::memory() const {
  return variance_.memory() + static_cast<std::size_t>(log_rho_.size()) * sizeof(double);
}

void AxisPreconditioner::Sweep::apply(const double* variance, const double* log_rho, double* z) const {
  parallel_sweep(bundles.count(), bundles.cells(), [&](Index bundle) {
    thread_local Workspace work;
    work.prepare(bundles.length());
    bundles.gather(variance, bundle, work.variance.data());
    bundles.gather(log_rho, bundle, work.log_rho.data());
    bundles.gather(z, bundle, work.system.right.data());
    make_coefficients(work);
    boundary == Boundary::periodic ? solve_cyclic(work) : work.system.solve(bundles.length());
    bundles.scatter(work.system.right.data(), bundle, z);
  });
}

void AxisPreconditioner::Sweep::make_coefficients(Workspace& work) const {
  const Index n = bundles.length();
  const bool wraps = boundary == Boundary::periodic;
  Tridiagonal& system = work.system;
  std::fill(system.own.begin(), system.own.end(), broadcast(1.0));
  system.down[0] = system.up[n - 1] = Pack{};
  for (Index i = 0; i + (wraps ? 0 : 1) < n; ++i) {
    const Index j = i + 1 < n ? i + 1 : 0;
    const Pack variance = min(work.variance[i], work.variance[j]);
    const FaceWeights face = face_weights(work.log_rho[j] - work.log_rho[i]);
    system.up[i] = coupling / variance * face.from_i;
    system.down[j] = coupling / variance * face.from_j;
  }
}

/// The coupling across the seam as a rank-one update (Sherman, Morrison) of the system without it, whose first and last
/// rows keep the seam's coupling on the diagonal.
void AxisPreconditioner::Sweep::solve_cyclic(Workspace& work) const {
  const Index n = bundles.length();
  const Pack a = work.system.down[0];    // row 0 couples to z[n-1]
  const Pack b = work.system.up[n - 1];  // row n-1 couples to z[0]
  // T = A - u v^T with u = (-1, 0, ..., -b/s) and v = (s, 0, ..., a): adds s and a b/s to the corners of the diagonal.
  const Pack s = max(a, broadcast(1e-30));
  const Pack c = b * (a / s);
  Pack t = broadcast(1.0);
  Pack z{};
  Pack y{};
  for (Index i = 0; i < n; ++i) {
    const Pack down = i > 0 ? work.system.down[i] : Pack{};
    const Pack up = i + 1 < n ? work.system.up[i] : Pack{};
    const Pack seam = i == 0 ? a + s : (i == n - 1 ? b + c : Pack{});
    const Pack u = i == 0 ? broadcast(-1.0) : (i == n - 1 ? -(b / s) : Pack{});
    const Pack lower = 1.0 + seam + down * t;
    const Pack inverse = 1.0 / (lower + up);
    z = (work.system.right[i] + down * z) * inverse;
    y = (u + down * y) * inverse;
    t = lower * inverse;
    work.system.right[i] = z;
    work.extra[i] = y;
    work.system.up[i] = up * inverse;
  }
  for (Index i = n - 1; i-- > 0;) {
    work.system.right[i] += work.system.up[i] * work.system.right[i + 1];
    work.extra[i] += work.system.up[i] * work.extra[i + 1];
  }
  const Pack vz = s * work.system.right[0] + a * work.system.right[n - 1];
  const Pack vy = s * work.extra[0] + a * work.extra[n - 1];
  const Pack factor = vz / (1.0 + vy);
  for (Index i = 0; i < n; ++i) work.system.right[i] -= factor * work.extra[i];
}

}  // namespace wpg
