#pragma once
#include <vector>

#include "jko/correction.hpp"
#include "jko/least_squares.hpp"
#include "wpg/field.hpp"

namespace wpg {

/// Anderson acceleration of x <- x + d(x) (Walker, Ni 2011, type II) in a weighted least-squares norm:
/// proposes x + d - sum of c_k (dx_k + dd_k), with c minimising the weighted norm of d - sum of c_k dd_k over the last
/// `depth` differences. The next x is the proposal, or the history is cleared. All memory is taken on construction.
///
/// Differences are kept in single precision: their rounding is relative to a proposal's distance from x + d, so that it
/// costs a share of 1e-7 of what a step gains, and bounds no accuracy.
class Anderson {
 public:
  static constexpr int depth = normal_columns;

  /// `problems`: equal parts of the cells with a least-squares problem each.
  explicit Anderson(Index size, Index problems = 1);

  void clear() { count_ = 0, newest_ = -1, started_ = false; }
  bool empty() const { return count_ == 0; }
  /// The weights of the norm are exp(log_weight), until they are set again; 1 at first.
  void weigh(const Values& log_weight);

  /// out = the proposal after x with correction d.
  void propose(const Values& x, const Values& d, Values& out) { propose(x, {1.0, d, 0.0, d}, false, out); }
  /// Where the residual is above `linear_residual` the acceleration is taken back towards x + d: far out in the tails,
  /// which weigh nothing in the norm, residuals may be large and the map not linear.
  void propose(const Values& x, const Correction& d, Values& out) { propose(x, d, true, out); }
  std::size_t memory() const;

 private:
  using Stored = float;

  /// Pieces of columns lie beside each other: column k of the n cells from `begin`.
  static Index at(int k, Index begin, Index n) { return begin * depth + k * n; }
  template <class Body>
  void for_pieces(Body&& body) const;
  void propose(const Values& x, const Correction& d, bool hold_back, Values& out);
  void remember(const Correction& d);
  bool renewed(int row) const { return row == depth || row == newest_ || weighed_anew_; }
  void add_products(const double* d, Index begin, Index n, double* gram) const;
  void make_coefficients();
  void accelerate(const Coefficients& c, const double* d, Index begin, Index n, double* step);
  void advance(const Values& x, const Correction& d, bool hold_back, Values& out);

  using Column = Eigen::Array<Stored, Eigen::Dynamic, 1>;
  Column changes_;      ///< dd_k; the last d where the next column will be
  Column corrections_;  ///< dx_k + dd_k; the last dx - d where the next column will be
  Values weight_;
  Index cells_;                  ///< of one problem
  Index blocks_;                 ///< of one problem
  std::vector<double> partial_;  ///< Gram matrices of fixed blocks of cells
  std::vector<Coefficients> c_;  ///< one per problem
  int count_ = 0;
  int newest_ = -1;
  bool started_ = false;
  bool weighed_anew_ = false;  ///< no product of before is of use
};

}  // namespace wpg
