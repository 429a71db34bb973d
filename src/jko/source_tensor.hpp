#pragma once
#include <array>
#include <vector>

#include "jko/second_differences.hpp"

namespace wpg {

/// The conditional covariance of a coupling on the side of its source nu, on a two-dimensional grid.
///
/// Given a target y, the source x has mean X = y + epsilon grad log q and covariance epsilon S, S = I + epsilon grad^2
/// log q, at y. What a function f of x loses by going to y and back is, for slowly varying f,
///
///     sum over y of rho(y) Var(f | y)  =  sum over y of rho(y) grad f . epsilon S grad f,  the gradient at X(y),
///
/// so every y gives its mass and its rho epsilon S to the cells around X(y). Beyond an edge of nu, where S vanishes
/// along the normal and whole fans of targets belong to single source cells, the target side needs the inverse of S
/// and links along the fans; here the fans fall onto their cells. Where S > 1, between separate parts of nu, the law of
/// x has two ends: what y gives is spread along the line between them, which links them.
class SourceTensor {
 public:
  /// Mass, and mass times the covariance's xx, xy and yy in units of cells.
  using Entry = float __attribute__((vector_size(16)));

  SourceTensor(const Grid& grid, double epsilon);

  /// From log q and log rho of the coupling; masses are relative to exp(log_unit) in a cell.
  void update(const Values& log_q, const Values& log_rho, double log_unit);
  Entry at(Index cell) const {
    const auto k = static_cast<std::size_t>(cell);
    return parts_[0][k] + parts_[1][k];
  }
  /// epsilon / h^2 of an axis: the variance, in units of cells, where S = I.
  double scale(int axis) const { return scale_[static_cast<std::size_t>(axis)]; }
  std::size_t memory() const;

 private:
  /// Of every target in a row: where its source is, in cells, its mass and its covariance.
  struct Row {
    std::vector<double> q, x, y, mass, xx, xy, yy;

    void resize(Index columns) {
      const auto size = static_cast<std::size_t>(columns + Index{4} * lanes);
      for (auto* values : {&q, &x, &y, &mass, &xx, &xy, &yy}) values->resize(size);
    }
  };
  /// The two cells that a position along an axis, in cells, is shared between, and the upper one's share.
  struct Share {
    Index lower, upper;
    float weight;
  };
  Share share(int axis, double position) const;
  void locate(const Values& log_q, Index j, Row& row) const;
  void measure(const Values& log_rho, double log_unit, Index j, Row& row) const;
  void spread(const Row& row, Index j, Entry* to) const;
  void give_along(double x, double y, double variance, double angle, Entry entry, Entry* to) const;
  void give(double x, double y, Entry entry, Entry* to) const;

  Grid grid_;
  std::array<double, 2> scale_;
  SecondDifferences differences_;
  /// The gifts of the lower and of the upper half of the rows: two threads' sums, the same for any number of threads.
  std::array<std::vector<Entry>, 2> parts_;
};

}  // namespace wpg
