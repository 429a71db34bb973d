#include "transport/spline_line.hpp"

#include <cmath>
#include <vector>

#include "wpg/grid.hpp"

namespace wpg::transport {
namespace {

/// Solves c[i-1] + 4 c[i] + c[i+1] = 6 f[i] in place, with `end` instead of 4 in the first and the last equation, where
/// a neighbour is missing.
void solve(double* c, Index n, Index stride, double end) {
  thread_local std::vector<double> factor;
  factor.resize(static_cast<std::size_t>(n));
  double pivot = end;
  c[0] *= 6.0;
  for (Index i = 1; i < n; ++i) {
    const double ratio = 1.0 / pivot;
    factor[static_cast<std::size_t>(i)] = ratio;
    pivot = (i + 1 == n ? end : 4.0) - ratio;
    c[i * stride] = 6.0 * c[i * stride] - ratio * c[(i - 1) * stride];
  }
  c[(n - 1) * stride] /= pivot;
  for (Index i = n - 1; i-- > 0;) {
    c[i * stride] = (c[i * stride] - c[(i + 1) * stride]) * factor[static_cast<std::size_t>(i + 1)];
  }
}

}  // namespace

void solve_mirrored(double* c, Index n, Index stride, double sign) { solve(c, n, stride, 4.0 + sign); }

/// Coefficients that continue as a cubic polynomial. Then the second and the last but one are f - f''/6 with the
/// central second difference; the equations between them remain, and give the outermost ones afterwards.
void solve_extrapolated(double* c, Index n, Index stride) {
  const double f1 = c[stride];
  const double f2 = c[(n - 2) * stride];
  const double first = f1 - (c[0] - 2.0 * f1 + c[2 * stride]) / 6.0;
  const double last = f2 - (c[(n - 1) * stride] - 2.0 * f2 + c[(n - 3) * stride]) / 6.0;
  if (n > 4) {
    c[2 * stride] -= first / 6.0;
    c[(n - 3) * stride] -= last / 6.0;
    solve(c + 2 * stride, n - 4, stride, 4.0);
  }
  c[stride] = first;
  c[(n - 2) * stride] = last;
  c[0] = 6.0 * f1 - 4.0 * first - c[2 * stride];
  c[(n - 1) * stride] = 6.0 * f2 - 4.0 * last - c[(n - 3) * stride];
}

void extrapolate(double* c, Index step) {
  const double c0 = c[0], c1 = c[step], c2 = c[2 * step], c3 = c[3 * step];
  c[-step] = 4.0 * c0 - 6.0 * c1 + 4.0 * c2 - c3;
  c[-2 * step] = 10.0 * c0 - 20.0 * c1 + 15.0 * c2 - 4.0 * c3;
}

// Two recursions with the root z of z^2 + 4 z + 1 (Unser, Aldroubi, Eden 1993).
void solve_periodic(double* c, Index n, Index stride) {
  const double z = std::sqrt(3.0) - 2.0;
  const double around = 1.0 / (1.0 - std::pow(z, static_cast<double>(n)));
  double start = 0.0;
  for (Index k = n; k-- > 0;) start = z * start + c[((n - k) % n) * stride];
  c[0] = start * around;
  for (Index i = 1; i < n; ++i) c[i * stride] += z * c[(i - 1) * stride];
  double last = 0.0;
  for (Index k = n; k-- > 0;) last = z * last + c[((n - 1 + k) % n) * stride];
  double next = -z * last * around;
  c[(n - 1) * stride] = 6.0 * next;
  for (Index i = n - 1; i-- > 0;) {
    next = z * (next - c[i * stride]);
    c[i * stride] = 6.0 * next;
  }
}

}  // namespace wpg::transport
