#include "wpg/kernels/truncated_kernel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "bundles.hpp"
#include "kernels/truncated_factors.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

class TruncatedKernel::AxisPass {
 public:
  AxisPass(const Grid& grid, int axis, double epsilon)
      : bundles_(grid, axis), lines_(lines(grid, axis)), factors_(truncated_factors(grid.axis(axis), epsilon)) {}

  void apply(const double* in, double* out) const {
    parallel_sweep((bundles_.count() + together - 1) / together, bundles_.cells(), [&](Index group) {
      thread_local std::array<std::array<TruncatedLine::Workspace, 2>, together> work;
      for (auto& bundle : work) {
        for (std::size_t k = 0; k < factors_.size(); ++k) factors_[k].prepare(bundle[k]);
      }
      gather(in, group, work);
      const Index first = group * together;
      for (Index b = first; b < std::min(first + together, bundles_.count()); ++b) convolve(work[b - first]);
      scatter(work, group, out);
    });
  }

  std::size_t memory() const {
    std::size_t bytes = 0;
    for (const TruncatedLine& factor : factors_) bytes += factor.memory();
    return bytes;
  }

 private:
  /// Bundles side by side that fill a cache line; one by one they would fetch it as often.
  static constexpr Index together = lanes < 8 ? 8 / lanes : 1;
  using Work = std::array<std::array<TruncatedLine::Workspace, 2>, together>;

  /// Whether the cells of all lines of a group are adjacent.
  bool adjacent(Index group) const {
    const Index begin = group * together * lanes;
    return begin + together * lanes <= lines_.count && begin % lines_.stride + together * lanes <= lines_.stride;
  }

  void gather(const double* from, Index group, Work& work) const {
    const Index first = group * together;
    if (!adjacent(group)) {
      for (Index b = first; b < std::min(first + together, bundles_.count()); ++b) {
        bundles_.gather(from, b, work[b - first][0].in.data());
      }
      return;
    }
    from += lines_.first(first * lanes);
    for (Index i = 0; i < lines_.length; ++i, from += lines_.stride) {
      for (Index b = 0; b < together; ++b) work[b][0].in[i] = load(from + b * lanes);
    }
  }

  void convolve(std::array<TruncatedLine::Workspace, 2>& work) const {
    factors_[0].apply(work[0]);
    if (factors_.size() == 1) return;
    std::copy_n(work[0].out.begin(), factors_[1].inputs(), work[1].in.begin());
    factors_[1].apply(work[1]);
  }

  void scatter(const Work& work, Index group, double* to) const {
    const Index first = group * together;
    const std::size_t last = factors_.size() - 1;
    if (!adjacent(group)) {
      for (Index b = first; b < std::min(first + together, bundles_.count()); ++b) {
        bundles_.scatter(work[b - first][last].out.data(), b, to);
      }
      return;
    }
    to += lines_.first(first * lanes);
    for (Index i = 0; i < lines_.length; ++i, to += lines_.stride) {
      for (Index b = 0; b < together; ++b) store(to + b * lanes, work[b][last].out[i]);
    }
  }

  Bundles bundles_;
  Lines lines_;
  std::vector<TruncatedLine> factors_;
};

TruncatedKernel::TruncatedKernel(const Grid& grid, double epsilon, int axes) {
  const int used = std::min(axes, grid.dimension());
  double h = 0.0;
  for (int k = 0; k < used; ++k) h = std::max(h, grid.axis(k).spacing());
  if (!(epsilon >= 0.3 * h * h) || !std::isfinite(epsilon)) {
    throw InvalidValue("epsilon", std::to_string(epsilon),
                       "finite and at least 0.3 h^2 = " + std::to_string(0.3 * h * h));
  }
  for (int k = 0; k < used; ++k) passes_.emplace_back(grid, k, epsilon);
}

TruncatedKernel::~TruncatedKernel() = default;

void TruncatedKernel::apply_log(const Values& in, Values& out) const {
  const double* from = in.data();
  for (const AxisPass& pass : passes_) {
    pass.apply(from, out.data());
    from = out.data();
  }
}

std::size_t TruncatedKernel::memory() const {
  std::size_t bytes = 0;
  for (const AxisPass& pass : passes_) bytes += pass.memory();
  return bytes;
}

}  // namespace wpg
