#include "wpg/kernels/truncated_kernel.hpp"

#include <string>

#include "kernels/truncated_line.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"

namespace wpg {

class TruncatedKernel::AxisPass {
 public:
  AxisPass(const Grid& grid, int axis, double epsilon) : lines_(lines(grid, axis)), line_(grid.axis(axis), epsilon) {}

  void apply(const double* in, double* out) const {
    parallel_for((lines_.count + lanes - 1) / lanes, [&](Index bundle) {
      thread_local TruncatedLine::Workspace work;
      line_.prepare(work);
      const Index begin = bundle * lanes;
      gather(in, begin, work.in.data());
      line_.apply(work);
      scatter(work.out.data(), begin, out);
    });
  }

 private:
  /// The lanes of a bundle that hold the last lines twice, where the number of lines is not a multiple, do harmless
  /// work.
  Index first(Index begin, int lane) const { return lines_.first(std::min(begin + lane, lines_.count - 1)); }
  bool adjacent(Index begin) const {
    return begin + lanes <= lines_.count && begin % lines_.stride + lanes <= lines_.stride;
  }

  void gather(const double* in, Index begin, Pack* to) const {
    if (adjacent(begin)) {
      const double* from = in + first(begin, 0);
      for (Index i = 0; i < lines_.length; ++i) to[i] = load(from + i * lines_.stride);
      return;
    }
    for (int lane = 0; lane < lanes; ++lane) {
      const double* from = in + first(begin, lane);
      for (Index i = 0; i < lines_.length; ++i) to[i][lane] = from[i * lines_.stride];
    }
  }

  void scatter(const Pack* from, Index begin, double* out) const {
    if (adjacent(begin)) {
      double* to = out + first(begin, 0);
      for (Index i = 0; i < lines_.length; ++i) store(to + i * lines_.stride, from[i]);
      return;
    }
    const int used = static_cast<int>(std::min<Index>(lanes, lines_.count - begin));
    for (int lane = 0; lane < used; ++lane) {
      double* to = out + first(begin, lane);
      for (Index i = 0; i < lines_.length; ++i) to[i * lines_.stride] = from[i][lane];
    }
  }

  Lines lines_;
  TruncatedLine line_;
};

TruncatedKernel::TruncatedKernel(const Grid& grid, double epsilon) {
  const double h = grid.largest_spacing();
  if (!(epsilon >= 0.3 * h * h)) {
    throw InvalidValue("epsilon", std::to_string(epsilon), "at least 0.3 h^2 = " + std::to_string(0.3 * h * h));
  }
  for (int k = 0; k < grid.dimension(); ++k) passes_.emplace_back(grid, k, epsilon);
}

TruncatedKernel::~TruncatedKernel() = default;

void TruncatedKernel::apply_log(const Values& in, Values& out) const {
  const double* from = in.data();
  for (const AxisPass& pass : passes_) {
    pass.apply(from, out.data());
    from = out.data();
  }
}

}  // namespace wpg
