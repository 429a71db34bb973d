#pragma once
#include <vector>

#include "jko/seam_cells.hpp"
#include "jko/source_laws.hpp"

namespace wpg {

/// Corrects what a preconditioner makes of a residual in the cells beside seams of log q, by the exact coupling there.
///
/// Where two parts of nu compete for targets log q has a ridge, on a grid an edge between cells that one part serves
/// and cells of the other one. A step of the Markov operator P, from target to source and on to another target, stays
/// on its side but for the cells that both parts serve; links, which are hops of one cell several times as often, leak
/// across: 5 to 6 times too much of a difference between the sides (two bumps over a floor, 256^2, gamma/epsilon =
/// 1000), and closing them over-corrects what alternates along the seam, by nearly two where a ridge of S = 15 is five
/// cells wide (1024^2, 1638). Walls at which mass piles up are half a ridge. But the cells are few. With the laws of
/// the sources that send mass there (SourceLaws) P is known in them, its images of what lies around too, and the
/// equation
///
///     (gamma'/epsilon) (d - P d) + d = r
///
/// is solved in these cells, from the correction d that the preconditioner gives and with its values around, by a few
/// conjugate gradients: one multiplicative Schwarz step on an overlapping part of the domain. Right-preconditioned
/// GMRES takes 8 iterations instead of 11 there from an error of 3.5e-4 to 1e-8. Cells of large residual, and those
/// whose sources lack a law of bounded width, are left as they are.
class SeamCoupling {
 public:
  SeamCoupling(const Grid& grid, double gamma_prime, double epsilon);

  void clear() { seams_.clear(); }
  bool empty() const { return cells().empty(); }
  /// From the coupling's targets, whose ridges are those of `conductivity`, and its sources.
  void update(const Conductivity& conductivity, const Values& log_q, const Values& log_rho, const SourceSide& source);
  /// Improves z, with which plain_share (1 - kappa) r + kappa z approximates Newton's correction of the residual r, cut
  /// at `largest` either way.
  void correct(const Values& r, double largest, Values& z);
  std::size_t memory() const;

 private:
  const std::vector<std::int32_t>& cells() const { return seams_.cells(); }
  void weigh(const Values& log_rho, double log_unit);
  template <class Others>
  void take_coupling(const Others& others);
  double take_residual(const Values& r, double largest, const Values& z);
  void solve(double squares);

  Grid grid_;
  double ratio_;  ///< gamma'/epsilon
  SeamCells seams_;
  NearCells near_;
  SourceLaws laws_;  ///< of the sources that send mass there
  /// By cell: what sources with a law give it; the inverse of that, or zero where it is not its mass; and the same, or
  /// zero where the residual is large.
  std::vector<double> mass_, inverse_, active_;
  std::vector<double> direction_, residual_, correction_;
  std::array<std::vector<double>, 2> sums_;
};

}  // namespace wpg
