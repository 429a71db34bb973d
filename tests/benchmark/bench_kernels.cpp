#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>

#include "fftw_pair.hpp"
#include "kernels/line_symbol.hpp"
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

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Time of an application relative to the bare transforms of the same box (padded where it is free), which are taken in
/// turn with it; both at their best.
double ratio_to_bare(const std::function<void()>& apply, const Grid& grid, double epsilon) {
  const Axis& axis = grid.axis(0);
  const bool reflecting = axis.boundary == Boundary::reflecting;
  bench::FftwPair pair(static_cast<int>(LineSymbol::length_for(axis, epsilon)),
                       reflecting ? bench::FftwPair::Kind::cosine : bench::FftwPair::Kind::real);
  double application = 1e9;
  double bare = 1e9;
  for (int k = 0; k < 50; ++k) {
    application = std::min(application, seconds(apply));
    bare = std::min(bare, seconds([&] { pair.execute(); }));
  }
  return application / bare;
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
  const auto apply = [&] { kernel.apply_log(in, out); };
  for (auto _ : state) apply();
  if (state.range(2) == 1) state.counters["bare"] = ratio_to_bare(apply, grid, width * width);
  state.SetLabel(std::string(kernel.name()));
  set_threads(before);
}

/// A linear application, without exponentials and logarithms, on one thread. Arguments: cells per axis, 10
/// sqrt(epsilon)/h.
template <Boundary boundary>
void linear(benchmark::State& state) {
  const int before = threads();
  set_threads(1);
  const Grid grid = square(static_cast<int>(state.range(0)), boundary);
  const double width = 0.1 * static_cast<double>(state.range(1)) * grid.largest_spacing();
  const FftKernel kernel(grid, width * width);
  const Values in = smooth_input(grid);
  Values out(grid.size());
  const auto apply = [&] { kernel.apply(in, out); };
  for (auto _ : state) apply();
  state.counters["bare"] = ratio_to_bare(apply, grid, width * width);
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

void linear_sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"n", "10*width"})->Unit(benchmark::kMillisecond)->UseRealTime();
  for (const int n : {256, 512, 1024}) b->Args({n, 40});
}

BENCHMARK(dct_pair)->Arg(256)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(kernel<FftKernel, Boundary::reflecting>)->Apply(sizes);
BENCHMARK(kernel<FftKernel, Boundary::periodic>)->Apply(sizes);
BENCHMARK(kernel<FftKernel, Boundary::free>)->Apply(sizes);
BENCHMARK(linear<Boundary::reflecting>)->Apply(linear_sizes);
BENCHMARK(linear<Boundary::periodic>)->Apply(linear_sizes);
BENCHMARK(linear<Boundary::free>)->Apply(linear_sizes);
BENCHMARK(kernel<TruncatedKernel, Boundary::reflecting>)->Apply(sizes);
BENCHMARK(kernel<TruncatedKernel, Boundary::free>)->Apply(sizes);
BENCHMARK(kernel<AutoKernel, Boundary::reflecting>)->Apply(sizes);

}  // namespace
