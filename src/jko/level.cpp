#include "jko/level.hpp"

#include <array>
#include <cmath>

#include "jko/tilt.hpp"
#include "simd.hpp"
#include "wpg/kernels/truncated_kernel.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// gamma'/epsilon from which on kappa is near enough to one for what short waves miss: below it steps take a pair more.
constexpr double least_ratio = 7.0;
/// Densities below e^-690 of the mean, which are hardly representable, do not count in Iterate::rough.
constexpr double negligible = -690.0;

/// rho (r - 1 + e^-r) = rho (r - 1) + e^lambda, without cancellation for small r. Where rho underflows, exp(lambda) is
/// what remains.
Pack divergence_density(Pack rho, Pack r, Pack lambda) {
  constexpr double small = 0.03;
  const Pack r2 = r * r;
  const Pack series = rho * r2 * (1.0 / 2 - r * (1.0 / 6 - r * (1.0 / 24 - r * (1.0 / 120 - r * (1.0 / 720)))));
  const Pack size = max(r, -r);
  if (!any_at_least(size, broadcast(small))) return series;
  return size < small ? series : rho * (r - 1.0) + exp(min(lambda, broadcast(700.0)));
}

}  // namespace

Level::Level(const Grid& on, double eps, const EntropicOptions& options, bool finest)
    : grid(on),
      epsilon(eps),
      gamma_prime(options.compensate ? options.gamma - 0.5 * eps : options.gamma),
      kappa(gamma_prime / (gamma_prime + eps)),
      kernel(options.kernel ? options.kernel(on, eps) : std::make_unique<TruncatedKernel>(on, eps, options.axes)),
      nu(on.size()),
      preconditioner_(make_preconditioner(on, gamma_prime, eps, options.axes, finest)),
      log_mass_(on.size()),
      tilted_(options.potential || options.nonsmooth),
      tilt_(make_tilt(on, options.gamma / eps, options.potential, options.nonsmooth, finest)),
      work_(on.size()) {}

void Level::set_source(const Values& density) {
  settled_ = 0;
  applications_ = 0;
  const double log_volume = std::log(grid.cell_volume());
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    for (Index i = begin; i < end; i += lanes) {
      const Pack value = load_some(density.data() + i, end - i, 1.0);
      store_some(nu.data() + i, end - i, value);
      store_some(log_mass_.data() + i, end - i, log(value) + log_volume);
    }
  });
  log_largest_mass_ = log_mass_.maxCoeff();
}

/// Sets the work field to log v.
void Level::take_log_v(const Values& lambda) {
  ++work_number_;
  const double factor = -gamma_prime / epsilon;
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    const Index n = end - begin;
    if (tilted_) {
      work_.segment(begin, n) = factor * lambda.segment(begin, n) - tilt_.segment(begin, n);
    } else {
      work_.segment(begin, n) = factor * lambda.segment(begin, n);
    }
  });
}

void Level::source_potential(const Values& lambda, Values& log_gv) {
  take_log_v(lambda);
  kernel->apply_log(work_, log_gv);
  ++applications_;
}

void Level::project_source(const Values& log_gv, Values& log_q) {
  ++work_number_;
  parallel_blocks(grid.size(), [&](Index begin, Index end) {
    const Index n = end - begin;
    work_.segment(begin, n) = log_mass_.segment(begin, n) - log_gv.segment(begin, n);
  });
  kernel->apply_log(work_, log_q);
  ++applications_;
}

void Level::evaluate(Iterate& it) {
  // u = nu / (G v) is zero without nu.
  source_response(it.lambda, work_);
  certify(work_, it);
}

/// From log q = log(G^T u): log rho, the residual and its two norms, in one pass.
void Level::finish(Iterate& it) {
  const double factor = -gamma_prime / epsilon;
  const double log_volume = std::log(grid.cell_volume());
  const double counts = negligible - std::log(static_cast<double>(grid.size()) * grid.cell_volume());
  const auto [squares, divergence, rough] = blockwise_sums<3>(grid.size(), [&](Index begin, Index end, auto& sums) {
    Pack square{}, density{}, large{};
    for (Index i = begin; i < end; i += lanes) {
      const Index n = end - i;
      const Pack lambda = load_some(it.lambda.data() + i, n, -1e4);
      const Pack log_q = load_some(it.log_q.data() + i, n, -1e15) - log_volume;
      const Pack tilt = tilted_ ? load_some(tilt_.data() + i, n, 0.0) : Pack{};
      const PackBits outside = tilt > largest_tilt;
      const Pack log_rho = outside ? broadcast(log_of_zero) : factor * lambda - tilt + log_q;
      const Pack r = outside ? Pack{} : log_rho - lambda;
      const Pack rho = exp(min(log_rho, broadcast(700.0)));
      square += rho * r * r;
      density += divergence_density(rho, r, lambda);
      large += max(r, -r) > calm_residual ? (log_rho > counts ? broadcast(1.0) : Pack{}) : Pack{};
      store_some(it.log_rho.data() + i, n, log_rho);
      store_some(it.residual.data() + i, n, r);
    }
    sums = {sum(square), sum(density), sum(large)};
  });
  it.norm = std::sqrt(grid.cell_volume() * squares);
  it.divergence = grid.cell_volume() * divergence;
  it.rough = rough / static_cast<double>(grid.size());
}

void Level::plain(const Iterate& from, Values& lambda) const {
  Correction{1.0 - kappa, from.residual, 0.0, from.residual}.advance(from.lambda, lambda);
}

/// The source's side is known of the iterate that was evaluated last; from far guesses, where it tells less, steps took
/// up to twice as many evaluations with it.
bool Level::source_serves(const Iterate& at) const {
  return source_pays_ && preconditioner_->uses_source() && at.error() < nearly_settled_error &&
         at.number == work_number_;
}

void Level::update_coefficients(const Iterate& at, const Values& trust, Values& scratch) {
  source_taken_ = source_serves(at);
  if (source_taken_) {
    parallel_blocks(grid.size(), [&](Index begin, Index end) {
      const Index n = end - begin;
      scratch.segment(begin, n) = log_mass_.segment(begin, n) - work_.segment(begin, n);
    });
  }
  const SourceSide source{log_mass_, log_largest_mass_, scratch, settled_ == 1};
  preconditioner_->update(at.log_q, at.log_rho, trust, source_taken_ ? &source : nullptr);
}

void Level::precondition(const Iterate& at, const Values& trust, double largest_residual, Values& z) {
  const int settled = at.settled() ? 2 : (at.nearly_settled() ? 1 : 0);
  if (settled == 0 || settled > settled_ || (!source_taken_ && source_serves(at))) update_coefficients(at, trust, z);
  settled_ = settled;
  preconditioner_->apply(at.residual, largest_residual, at.calm() && gamma_prime > least_ratio * epsilon, z);
}

Correction Level::correction(const Iterate& at, double theta, const Values& z) const {
  return {plain_share * (1.0 - kappa), at.residual, theta * kappa, z};
}

}  // namespace wpg
