#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "wpg/field.hpp"

namespace wpg {

/// A kernel as a function of the offset between two points.
using OffsetKernel = std::function<double(const Point& offset)>;

/// Integrals out_i(x) = sum_j integral of K_ij(x - y) in_j(y) dy on a grid by the midpoint rule: exactly the double sum
/// over the cell centres, by FFT. Zero-padded on reflecting and free axes, so that only the box counts; on a periodic
/// axis the offset is the shortest one (of the two offsets of half a period, the mean of both kernels). The error is
/// rounding relative to the largest value of kernel and input. Planned once; applications change only scratch memory.
class Convolution {
 public:
  /// `uses[i][j]` is the number of the kernel K_ij in `kernels`, or -1 for none. Throws InvalidValue("kernel", ...)
  /// where a kernel is not finite.
  Convolution(const Grid& grid, const std::vector<OffsetKernel>& kernels, std::vector<std::vector<int>> uses);
  /// A single kernel.
  Convolution(const Grid& grid, const OffsetKernel& kernel) : Convolution(grid, {kernel}, {{0}}) {}
  ~Convolution();
  Convolution(Convolution&&) noexcept;

  /// Stores the input number j.
  void load(std::size_t j, const Values& in) const;
  /// Computes the output number i from the inputs that were loaded; it is scaled by the cell volume.
  void compute(std::size_t i, Values& out) const;

  std::size_t memory() const;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace wpg
