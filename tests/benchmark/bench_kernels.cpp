#include <benchmark/benchmark.h>

#include <cmath>

#include "fftw_pair.hpp"
#include "wpg/kernels/auto_kernel.hpp"
#include "wpg/parallel.hpp"

namespace {

using namespace wpg;

Grid square(int n, Boundary boundary) { return Grid({{n, -4.0, 4.0, boundary}, {n, -4.0, 4.0, boundary}}); }

/// A smooth input that spans e^8: any kernel may serve it.
Values smooth_input(const Grid& grid) {
  return sample(grid, [](const Point& x) { return 2.0 * std::cos(0.5 * M_PI * x[0]) + 2.0 * std::sin(M_PI * x[1]); })
      .values;
}

void dct_pair(benchmark::State& state) {
  bench::FftwPair pair(static_cast<int>(state.range(0)));
  for (auto _ : state) pair.execute();
}

/// Arguments: cells per axis, 10 sqrt(epsilon)/h, threads.
template <class Kernel, Boundary boundary>
void kernel(benchmark::State& state) {
  const int before = threads();
  set_threads(static_cast<int>(state.range(2)));
  const Grid grid = square(static_cast<int>(state.range(0)), boundary);
  const double width = 0.1 * static_cast<double>(state.range(1)) * grid.largest_spacing();
  const Kernel kernel(grid, width * width);
  const Values in = smooth_input(grid);
  Values out(grid.size());
  for (auto _ : state) kernel.apply_log(in, out);
  state.SetLabel(std::string(kernel.name()));
  set_threads(before);
}

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"n", "10*width", "threads"})->Unit(benchmark::kMillisecond)->UseRealTime();
  for (const int n : {256, 512, 1024}) {
    for (const int width : {10, 20, 40, 80, 160}) {
      for (const int count : {1, 2}) b->Args({n, width, count});
    }
  }
}

BENCHMARK(dct_pair)->Arg(256)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(kernel<FftKernel, Boundary::reflecting>)->Apply(sizes);
BENCHMARK(kernel<FftKernel, Boundary::periodic>)->Apply(sizes);
BENCHMARK(kernel<FftKernel, Boundary::free>)->Apply(sizes);
BENCHMARK(kernel<TruncatedKernel, Boundary::reflecting>)->Apply(sizes);
BENCHMARK(kernel<TruncatedKernel, Boundary::free>)->Apply(sizes);
BENCHMARK(kernel<AutoKernel, Boundary::reflecting>)->Apply(sizes);

}  // namespace
