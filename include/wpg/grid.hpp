#pragma once
#include <Eigen/Core>
#include <array>
#include <vector>

namespace wpg {

using Index = Eigen::Index;
/// A point or vector of the grid's dimension (1 to 3); never allocates.
using Point = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, 3, 1>;
/// A square matrix of the grid's dimension (1 to 3); never allocates.
using Tensor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, 3, 3>;

/// What lies beyond the ends of an axis. It decides the kernel, never the back-end that applies it:
/// mirrored copies of the box, periodic copies, or nothing at all.
enum class Boundary { reflecting, periodic, free };

/// One axis of a grid: `cells` equal cells between `lower` and `upper`.
struct Axis {
  Index cells = 0;
  double lower = 0.0;
  double upper = 0.0;
  Boundary boundary = Boundary::reflecting;

  double spacing() const { return (upper - lower) / static_cast<double>(cells); }
  double center(Index i) const { return lower + (static_cast<double>(i) + 0.5) * spacing(); }
  double face(Index i) const { return lower + static_cast<double>(i) * spacing(); }
  bool operator==(const Axis&) const = default;
};

/// A box of cell-centred points in one, two or three dimensions. Cells are numbered with x (axis 0)
/// fastest; spacings may differ per axis. Immutable.
class Grid {
 public:
  /// Throws InvalidValue unless there are 1 to 3 axes, each with at least 4 cells and finite lower < upper.
  explicit Grid(std::vector<Axis> axes);

  int dimension() const { return static_cast<int>(axes_.size()); }
  Index size() const { return size_; }
  const Axis& axis(int k) const { return axes_[static_cast<std::size_t>(k)]; }
  const std::vector<Axis>& axes() const { return axes_; }
  /// Distance in memory between neighbours along axis k.
  Index stride(int k) const { return strides_[static_cast<std::size_t>(k)]; }
  double cell_volume() const { return cell_volume_; }
  double largest_spacing() const;
  double smallest_spacing() const;
  /// Centre of a cell, in the user's units.
  Point center(Index cell) const;
  bool operator==(const Grid& other) const { return axes_ == other.axes_; }

 private:
  std::vector<Axis> axes_;
  std::array<Index, 3> strides_{};
  Index size_ = 1;
  double cell_volume_ = 1.0;
};

/// The lines of cells along one axis: `count` lines of `length` cells, `stride` apart in memory.
/// Neighbouring lines are those with consecutive numbers; within a run of `stride` lines their cells are adjacent.
struct Lines {
  Index count = 0;
  Index length = 0;
  Index stride = 0;

  /// Position in memory of the first cell of a line.
  Index first(Index line) const { return line % stride + (line / stride) * stride * length; }
};

Lines lines(const Grid& grid, int axis);

}  // namespace wpg
