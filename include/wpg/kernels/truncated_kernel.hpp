#pragma once
#include <vector>

#include "wpg/kernel.hpp"

namespace wpg {

/// The Gibbs kernel in the log domain, at any dynamic range: separable, axis by axis, a sum of positive terms over just
/// those input cells that matter to a block of output cells (terms below e^-36 of the largest are left out).
///
/// For a group of output cells around cell c the inputs are tilted, f_j = in_j - (c - j)^2 h^2 / (2 epsilon); the
/// outputs are then sums of exp(f_j - max f) against a small table. So no term under- or overflows that matters,
/// whatever the range of `in`, and an output carries the relative accuracy of the inputs' exponentials. The window of
/// cells that matter moves monotonically with c (the Gaussian is totally positive; Karlin 1968), so two pointers find
/// it for a whole line: from bounds on the slopes of `in` alone where it is smooth, else by a search. Block scaling of
/// log-domain sums goes back to Schmitzer (2019, section 3); the tilt, the monotone windows and the bounds are this
/// project's.
///
/// Any boundary. Cost per axis and cell where log `in` varies smoothly, with s = sqrt(epsilon)/h: one exponential, one
/// logarithm and 16 + 17 s multiply-adds, or half as many from s = 2 on; an application costs about as much as a
/// DCT-II/III pair for s <= 4. From s = 7.5 on each axis takes two such sums of variance epsilon/2 through a coarser
/// lattice of spacing 0.37 sqrt(epsilon): positive terms still, an error of 5e-16 relative to every entry of the
/// kernel, and a cost that no longer depends on epsilon. Measured at 256^2 on one thread: 0.5, 0.5, 0.6, 0.8, 0.8, 1.0
/// ms for s = 1, 2, 4, 8, 16, 64 (one sum alone, none of it in pairs: 0.9, 1.5 and 14 ms for the last three).
class TruncatedKernel final : public GibbsKernel {
 public:
  /// Convolves along the first `axes` axes. Throws InvalidValue("epsilon", ...) below 0.3 h^2 of any of them.
  TruncatedKernel(const Grid& grid, double epsilon, int axes = 3);
  ~TruncatedKernel() override;

  void apply_log(const Values& in, Values& out) const override;
  std::size_t memory() const override;
  std::string_view name() const override { return "truncated"; }

 private:
  class AxisPass;
  std::vector<AxisPass> passes_;
};

}  // namespace wpg
