#pragma once
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "wpg/problem.hpp"
#include "wpg/run_file.hpp"

namespace run_file_case {

using namespace wpg;

/// A folder of its own under the system's temporary folder, removed at the end.
struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "wpg-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name) const { return path + "/" + name; }
  std::string path;
};

inline Grid grid(int dimension) {
  const std::vector<Axis> all{{12, -1.0, 2.0, Boundary::reflecting}, {7, 0.1, 0.7, Boundary::periodic}, {5, 0.0, 1.0}};
  std::vector<Axis> axes(all.begin(), all.begin() + dimension);
  axes.back().boundary = Boundary::free;
  return Grid(axes);
}

/// Tells every cell of every snapshot from every other.
inline Field snapshot(const Grid& on, int k) {
  return sample(on, [&](const Point& x) { return std::exp(-x.squaredNorm()) + x.sum() + k; });
}

struct Bowl : Potential {
  double value(const Point& x) const override { return x.squaredNorm() / 2.0; }
  Point gradient(const Point& x) const override { return x; }
  Tensor hessian(const Point& x) const override { return Tensor::Identity(x.size(), x.size()); }
};

inline Problem problem(int dimension) {
  const Grid on = grid(dimension);
  return {on, std::make_shared<Bowl>(), {1.0, 1.0}, snapshot(on, 0), snapshot(on, 100), std::nullopt, std::nullopt};
}

/// A number, a vector, a matrix, a count and an enumeration.
inline std::vector<Diagnostic> diagnostics() {
  const auto nothing = [](const StepView&, std::span<double>) {};
  return {{"energy", "free energy", {}, false, {}, nothing},
          {"mean", "mean of the density", {"axis"}, false, {}, nothing},
          {"covariance", "covariance of the density", {"axis", "axis"}, false, {}, nothing},
          {"jko_iterations", "evaluations of the fixed-point map", {}, true, {}, nothing},
          {"kernel", "back-end of the Gibbs kernel", {}, false, {"fft", "dct", "truncated"}, nothing}};
}

inline std::vector<double> row(int dimension, int step) {
  std::vector<double> values{1.0 / (1 + step)};
  for (int k = 0; k < dimension + dimension * dimension; ++k) values.push_back(step + 0.01 * k);
  values.push_back(step == 0 ? std::nan("") : 10 * step);
  values.push_back(step == 0 ? std::nan("") : 1 + step % 2);
  return values;
}

inline RunHeader header() {
  RunHeader made;
  made.title = "a case";
  made.source = "wpg test";
  made.config = R"({"grid": {"cells": "12 7"}, "scheme": {"gamma": "0.1"}})";
  return made;
}

/// Writes `snapshots` snapshots, two steps apart, at times 0, 0.2, ...
inline void write(const std::string& path, int dimension, int snapshots) {
  const Problem made = problem(dimension);
  RunFile file(path, header(), made, diagnostics());
  for (int k = 0; k < snapshots; ++k) {
    for (int step = k == 0 ? 0 : 2 * k - 1; step <= 2 * k; ++step) {
      file.append_diagnostics(0.1 * step, row(dimension, step));
    }
    file.write_snapshot(0.2 * k, snapshot(made.grid, k));
  }
  file.close();
}

}  // namespace run_file_case
