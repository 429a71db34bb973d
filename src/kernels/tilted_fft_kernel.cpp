#include "wpg/kernels/tilted_fft_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "kernels/fft_accuracy.hpp"
#include "kernels/tilted_plan.hpp"
#include "wpg/kernels/sampled_gaussian.hpp"

namespace wpg {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// By how much the range of a remainder may exceed what its results may span: sums even it out.
constexpr double evened = 2.0;

double variance_in_cells(const Axis& axis, double epsilon) { return epsilon / (axis.spacing() * axis.spacing()); }

}  // namespace

bool TiltedFftKernel::serves(const Grid& grid, double epsilon) {
  return std::all_of(grid.axes().begin(), grid.axes().end(), [&](const Axis& axis) {
    return axis.boundary == Boundary::free &&
           variance_in_cells(axis, epsilon) >= SplineReader::narrowest * SplineReader::narrowest;
  });
}

TiltedFftKernel::TiltedFftKernel(const Grid& grid, double epsilon, double accuracy) {
  if (!serves(grid, checked_variance("epsilon", epsilon))) {
    throw InvalidValue("epsilon", (std::ostringstream() << epsilon).str(),
                       "at least (4.4 h)^2, and all axes free, for a tilted FFT");
  }
  plan_ = std::make_unique<TiltedPlan>(grid, epsilon, checked_accuracy(accuracy));
}
TiltedFftKernel::~TiltedFftKernel() = default;
TiltedFftKernel::TiltedFftKernel(TiltedFftKernel&&) noexcept = default;

QuadraticFit TiltedFftKernel::fit(const Values& in) const {
  QuadraticFit fit = plan_->fitter.least_squares(in);
  for (std::size_t k = 0; k < plan_->axes.size(); ++k) {
    fit.a[k] = std::clamp(fit.a[k], plan_->axes[k].least_curvature(), plan_->axes[k].largest_curvature());
  }
  plan_->fitter.measure(in, fit);
  return fit;
}

/// Whether the range of the remainder and the points beyond walls are admissible. Sets the form.
bool TiltedFftKernel::admits(const QuadraticFit& fit, const Values* masses) const {
  if (!(fit.range <= plan_->log_limit() + evened)) return false;
  plan_->tilt(fit);
  return plan_->largest_loss(masses) <= plan_->log_limit();
}

bool TiltedFftKernel::expects(const QuadraticFit& fit, const Values* masses, const Values& in) const {
  return admits(fit, masses) && plan_->expects(fit, masses, in);
}

bool TiltedFftKernel::try_apply_log(const QuadraticFit& fit, const Values* masses, const Values& in,
                                    Values& out) const {
  return admits(fit, masses) && plan_->apply(fit, masses, in, out);
}

void TiltedFftKernel::apply_log(const Values& in, Values& out) const {
  const QuadraticFit form = fit(in);
  if (!try_apply_log(form, nullptr, in, out)) throw KernelRangeError(refusal(form));
}

void TiltedFftKernel::apply_log_where(const Values& masses, const Values& in, Values& out) const {
  const QuadraticFit form = fit(in);
  if (!try_apply_log(form, &masses, in, out)) throw KernelRangeError(refusal(form));
}

std::string TiltedFftKernel::refusal(const QuadraticFit& fit) const {
  const double limit = plan_->log_limit();
  std::ostringstream line;
  line << "tilted fft kernel: ";
  if (!(fit.range < infinity)) {
    line << "the input has no finite values, or one that is not a number or +infinity";
  } else if (fit.range > limit + evened) {
    line << "beside the nearest parabola the input spans e^" << fit.range << ", and at most e^" << limit + evened
         << " is admissible";
  } else {
    line << "results fall below e^-" << limit << " of the largest input beside the nearest parabola, at points "
         << "beyond a wall or in gaps of the input";
  }
  line << " for a relative error of " << plan_->accuracy << " (use kernel = truncated or auto)";
  return line.str();
}

double TiltedFftKernel::log_ratio(const QuadraticFit& fit) const {
  double most = 0.0;
  for (std::size_t k = 0; k < plan_->axes.size(); ++k) {
    const double end = 0.5 * static_cast<double>(plan_->grid.axis(static_cast<int>(k)).cells - 1);
    const double a = fit.a[k];
    const double b = fit.b[k];
    const double vertex = a == 0.0 ? 0.0 : std::clamp(b / a, -end, end);
    double highest = -infinity;
    double lowest = infinity;
    for (const double x : {-end, vertex, end}) {
      highest = std::max(highest, x * (b - 0.5 * a * x));
      lowest = std::min(lowest, TiltedLine::result_form(a, b, plan_->variances[k], x));
    }
    most = std::max(most, highest - lowest);
  }
  return most;
}

double TiltedFftKernel::range_limit() const { return std::exp(plan_->log_limit()); }

std::size_t TiltedFftKernel::memory() const { return plan_->memory(); }

}  // namespace wpg
