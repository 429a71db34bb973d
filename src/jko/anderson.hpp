#pragma once
#include <vector>

#include "wpg/field.hpp"

namespace wpg {

/// Anderson acceleration of x <- x + d(x) (Walker, Ni 2011, type II) in a weighted least-squares norm:
/// proposes x + d - sum of c_k (dx_k + dd_k), with c minimising the weighted norm of d - sum of c_k dd_k over the last
/// `depth` differences. All memory is taken on construction.
class Anderson {
 public:
  static constexpr int depth = 8;

  /// `problems`: equal parts of the cells with a least-squares problem each.
  explicit Anderson(Index size, Index problems = 1);

  void clear() { count_ = 0, next_ = 0, started_ = false; }
  bool empty() const { return count_ == 0; }
  /// out = the proposal after x with correction d; the weights are exp(log_weight). Takes (x, d) into the history.
  void propose(const Values& x, const Values& d, const Values& log_weight, Values& out);
  std::size_t memory() const;

 private:
  using Coefficients = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, depth, 1>;
  void remember(const Values& x, const Values& d);
  void make_coefficients(const Values& d, const Values& log_weight);
  void add_gram(const Values& d, const Values& log_weight, Index begin, Index end, double* gram) const;
  Coefficients solve(const double* gram) const;

  Values last_x_, last_d_;
  std::vector<Values> changes_;      ///< dd_k
  std::vector<Values> corrections_;  ///< dx_k + dd_k
  Index cells_;                      ///< of one problem
  Index blocks_;                     ///< of one problem
  std::vector<double> partial_;      ///< Gram matrices of fixed blocks of cells
  std::vector<Coefficients> c_;      ///< one per problem
  int count_ = 0;
  int next_ = 0;
  bool started_ = false;
};

}  // namespace wpg
