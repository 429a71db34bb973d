#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "../jko_cases.hpp"
#include "unpreconditioned.hpp"
#include "wpg/parallel.hpp"

// Kernel pairs of a JKO step of the entropy from a cold start to a certificate of 1e-8, as CSV. Deterministic.

namespace {

using namespace wpg;
using namespace wpg::test;
using bench::Count;
using bench::Unpreconditioned;

constexpr double tolerance = 1e-8;

void print(const Grid& grid, const std::string& shape, const char* method, double ratio, const Count& count) {
  std::printf("%d,%ld,%s,%s,%.6g,%.2f,%d\n", grid.dimension(), static_cast<long>(grid.axis(0).cells), shape.c_str(),
              method, ratio, count.pairs, count.reached ? 1 : 0);
  std::fflush(stdout);
}

Count count_solver(const Field& nu, const EntropicOptions& options) {
  const JkoReport report = solve_once(nu, options).report;
  return {0.5 * report.kernel_applications, report.converged};
}

/// Four methods against gamma/epsilon: gamma = 0.1, epsilon = h^2 (up to the rounding of the number of cells to a
/// multiple of 16, since nested grids want even ones).
void compare_methods() {
  constexpr int plain_budget = 50000;
  constexpr int accelerated_budget = 3000;
  for (const double ratio : {10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10000.0}) {
    const EntropicOptions options = jko_options(0.1, 0.1 / ratio, tolerance);
    const Grid grid({{16 * static_cast<Index>(std::ceil(0.75 / std::sqrt(options.epsilon))), -6.0, 6.0}});
    for (int k = 0; k < 4; ++k) {
      const Shape shape = line_shapes()[static_cast<std::size_t>(k)];
      const Field nu = shape.on(grid);
      const auto count = [&](const char* method, bool nested, bool accelerated, int budget) {
        print(grid, shape.name, method, ratio, Unpreconditioned(grid, options, nested, accelerated).solve(nu, budget));
      };
      count("plain", false, false, plain_budget);
      count("Anderson", false, true, accelerated_budget);
      count("nested + Anderson", true, true, accelerated_budget);
      print(grid, shape.name, "final", ratio, count_solver(nu, options));
    }
  }
}

/// The solver at epsilon = h^2 and gamma = ratio epsilon; ratio 0: gamma = 0.1.
void solver_counts(const Grid& grid, const std::vector<Shape>& shapes, double ratio) {
  const double epsilon = square(grid.largest_spacing());
  const double gamma = ratio > 0.0 ? ratio * epsilon : 0.1;
  for (const Shape& shape : shapes) {
    const char* method = ratio > 0.0 ? "final" : "final; gamma = 0.1";
    print(grid, shape.name, method, gamma / epsilon,
          count_solver(shape.on(grid), jko_options(gamma, epsilon, tolerance)));
  }
}

Grid plane(Index cells) { return Grid({{cells, -4.0, 4.0}, {cells, -4.0, 4.0}}); }

}  // namespace

/// Usage: counts [cells per axis of the largest plane grid, by default 512]
int main(int count, char** arguments) {
  const Index largest = count > 1 ? std::stol(arguments[1]) : 512;
  std::puts("dimension,cells,shape,method,gamma/epsilon,pairs,reached");
  compare_methods();
  for (const double ratio : {10.0, 100.0, 1000.0, 10000.0}) {
    solver_counts(Grid({{8192, -6.0, 6.0}}), line_shapes(), ratio);
  }
  for (Index cells = 128; cells <= largest; cells *= 2) {
    for (const double ratio : {0.0, 10.0, 100.0, 1000.0}) solver_counts(plane(cells), plane_shapes(), ratio);
  }
}
