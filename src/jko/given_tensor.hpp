#pragma once
#include <array>
#include <vector>

#include "jko/row_means.hpp"
#include "jko/second_differences.hpp"

namespace wpg {

/// The conditional covariance of a coupling on one of its sides, as the other side gives it, on a two-dimensional grid.
///
/// Given a target y, the source x has mean X = y + epsilon grad log q and covariance epsilon S, S = I + epsilon grad^2
/// log q, at y. What a function f of x loses by going to y and back is, for slowly varying f,
///
///     sum over y of rho(y) Var(f | y)  =  sum over y of rho(y) grad f . epsilon S grad f,  the gradient at X(y),
///
/// so every y gives its mass and its rho epsilon S to the cells around X(y). "Giver" is y; the same holds from sources
/// to targets. To the cells around its mean; where S > 1, between separate parts of nu, the law has two ends, and the
/// entry goes to the line between them, which links them.
///
/// Beyond an edge of nu, where S vanishes along the normal and whole fans of targets belong to single source cells, the
/// target side needs the inverse of S and links along the fans; on the side of the source the fans fall onto their
/// cells.
class GivenTensor {
 public:
  /// Mass, and mass times the covariance's xx, xy and yy in units of cells.
  using Entry = float __attribute__((vector_size(16)));

  GivenTensor(const Grid& grid, double epsilon);

  /// From the givers' log potential and log density; masses are relative to exp(log_unit).
  void update(const Values& log_potential, const Values& log_density, double log_unit);
  Entry at(Index cell) const {
    const auto k = static_cast<std::size_t>(cell);
    return parts_[0][k] + parts_[1][k];
  }
  /// Those of `count` cells on, at most a pack's, zero beyond.
  struct Pieces {
    Pack mass, xx, xy, yy;
  };
  Pieces from(Index cell, Index count) const;
  /// epsilon / h^2 of an axis: the variance, in units of cells, where S = I.
  double scale(int axis) const { return scale_[static_cast<std::size_t>(axis)]; }
  std::size_t memory() const { return 2 * parts_[0].size() * sizeof(Entry); }

 private:
  /// Of every giver in a row: where its mean is, in cells, its mass and its covariance.
  struct Row {
    std::vector<double> x, y, mass, xx, xy, yy;
    std::array<std::vector<float>, 4> differences;

    void resize(Index columns) {
      const auto size = static_cast<std::size_t>(columns + Index{4} * lanes);
      for (auto* values : {&x, &y, &mass, &xx, &xy, &yy}) values->resize(size);
      for (auto& values : differences) values.resize(size);
    }
  };
  /// The principal axes of a covariance: the variances along them, and the direction of the longer one.
  struct Principal {
    double longer, shorter, cosine, sine;
  };
  /// The two cells that a position along an axis, in cells, is shared between, and the upper one's share.
  struct Share {
    Index lower, upper;
    float weight;
  };
  static Principal principal(double xx, double xy, double yy);
  Share share(int axis, double position) const;
  void measure(const Values& log_potential, const Values& log_density, double log_unit, Index j, Row& row) const;
  void spread(const Row& row, Index j, Entry* to) const;
  void give_along(double x, double y, const Principal& axes, Entry entry, Entry* to) const;
  void give(double x, double y, Entry entry, Entry* to) const;

  Grid grid_;
  std::array<double, 2> scale_;
  RowMeans means_;
  RowDifferences differences_;
  /// The gifts of the lower and of the upper half of the rows: two threads' sums, the same for any number of threads.
  std::array<std::vector<Entry>, 2> parts_;
};

}  // namespace wpg
