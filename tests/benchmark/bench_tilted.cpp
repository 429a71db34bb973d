#include <benchmark/benchmark.h>

#include <cmath>

#include "wpg/kernels/tilted_fft_kernel.hpp"
#include "wpg/kernels/truncated_kernel.hpp"
#include "wpg/parallel.hpp"

namespace {

using namespace wpg;

/// What the kernel meets near the equilibrium of a quadratic potential: the logarithm of a Gaussian of variance 0.3,
/// and one of its negative powers, with ripples of the length of the box. Both span e^53.
enum class Input { concave, convex };

Grid box(int dimension, Index n) {
  return Grid(std::vector<Axis>(static_cast<std::size_t>(dimension), Axis{n, -4.0, 4.0, Boundary::free}));
}

Values gaussian_like(const Grid& grid, Input input) {
  const double sign = input == Input::concave ? 1.0 : -0.3;
  return sample(grid,
                [&](const Point& x) { return sign * (-0.5 * x.squaredNorm() / 0.3 + 0.3 * std::cos(2.0 * x[0])); })
      .values;
}

/// Arguments: dimension, cells per axis, sqrt(epsilon)/h. The convex input is wanted in the box that a forward step of
/// 0.4 leaves mass in.
template <class Kernel, Input input>
void gaussian(benchmark::State& state) {
  const int before = threads();
  set_threads(1);
  const Grid grid = box(static_cast<int>(state.range(0)), static_cast<Index>(state.range(1)));
  const double width = static_cast<double>(state.range(2)) * grid.largest_spacing();
  const Kernel kernel(grid, width * width);
  const Values in = gaussian_like(grid, input);
  const Values masses = sample(grid, [](const Point& x) { return x.cwiseAbs().maxCoeff() < 2.4 ? 1.0 : 0.0; }).values;
  Values out(grid.size());
  try {
    for (auto _ : state) {
      input == Input::concave ? kernel.apply_log(in, out) : kernel.apply_log_where(masses, in, out);
    }
  } catch (const KernelRangeError& error) {
    state.SkipWithError(error.what());
  }
  set_threads(before);
}

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"d", "n", "width"})->Unit(benchmark::kMillisecond)->UseRealTime();
  for (const int width : {8, 16, 32}) {
    for (const int n : {256, 512, 1024}) b->Args({2, n, width});
    b->Args({1, 4096, width});
  }
}

BENCHMARK(gaussian<TiltedFftKernel, Input::concave>)->Apply(sizes);
BENCHMARK(gaussian<TruncatedKernel, Input::concave>)->Apply(sizes);
BENCHMARK(gaussian<TiltedFftKernel, Input::convex>)->Apply(sizes);
BENCHMARK(gaussian<TruncatedKernel, Input::convex>)->Apply(sizes);

}  // namespace
