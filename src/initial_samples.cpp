#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "admissible.hpp"
#include "wpg/error.hpp"
#include "wpg/initial.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

/// Row p, column i: the kernel of point p along one axis, at the centre of cell i.
Eigen::MatrixXd kernels(const Axis& axis, const Eigen::Ref<const Eigen::VectorXd>& points, double bandwidth) {
  const double scale = 1.0 / (bandwidth * std::sqrt(2.0 * std::numbers::pi));
  Eigen::MatrixXd result(points.size(), axis.cells);
  parallel_for(axis.cells, [&](Index i) {
    result.col(i) = scale * (-0.5 * ((points.array() - axis.center(i)) / bandwidth).square()).exp();
  });
  return result;
}

Point scaled_deviations(const Eigen::MatrixXd& points, double factor) {
  const auto n = static_cast<double>(points.rows());
  Point bandwidth(points.cols());
  for (Index k = 0; k < points.cols(); ++k) {
    const double squares = (points.col(k).array() - points.col(k).mean()).square().sum();
    bandwidth[k] = factor * std::sqrt(squares / (n - 1.0));
  }
  return bandwidth;
}

void check_bandwidth(const Grid& grid, const Point& bandwidth) {
  for (int k = 0; k < grid.dimension(); ++k) {
    const double least = 0.7 * grid.axis(k).spacing();
    if (bandwidth[k] >= least && std::isfinite(bandwidth[k])) continue;
    throw InvalidValue("bandwidth", written(bandwidth),
                       "at least 0.7 grid spacings along every axis (here " + written(least) + " along axis " +
                           std::to_string(k + 1) + "), or histogram");
  }
}

/// Adds the product kernels of a few points, mean over all `total` points, to the density.
void add_kernels(const Eigen::MatrixXd& points, const Point& bandwidth, double total, Field& rho) {
  const Grid& grid = rho.grid;
  std::array<Eigen::MatrixXd, 3> along;
  for (int k = 0; k < grid.dimension(); ++k) {
    along[static_cast<std::size_t>(k)] = kernels(grid.axis(k), points.col(k), bandwidth[k]);
  }
  const Index nx = grid.axis(0).cells;
  const Index ny = grid.dimension() > 1 ? grid.axis(1).cells : 1;
  parallel_for(grid.size() / nx, [&](Index line) {
    Eigen::VectorXd weight = Eigen::VectorXd::Constant(points.rows(), 1.0 / total);
    if (grid.dimension() > 1) weight.array() *= along[1].col(line % ny).array();
    if (grid.dimension() > 2) weight.array() *= along[2].col(line / ny).array();
    for (Index i = 0; i < nx; ++i) rho.values[line * nx + i] += along[0].col(i).dot(weight);
  });
}

}  // namespace

Point scott_bandwidth(const Eigen::MatrixXd& points) {
  const auto d = static_cast<double>(points.cols());
  return scaled_deviations(points, std::pow(static_cast<double>(points.rows()), -1.0 / (d + 4.0)));
}

Point silverman_bandwidth(const Eigen::MatrixXd& points) {
  const auto d = static_cast<double>(points.cols());
  return scaled_deviations(points, std::pow(0.25 * (d + 2.0) * static_cast<double>(points.rows()), -1.0 / (d + 4.0)));
}

Field histogram_density(const Grid& grid, const Eigen::MatrixXd& points) {
  Field rho(grid);
  const double share = 1.0 / (static_cast<double>(points.rows()) * grid.cell_volume());
  for (Index p = 0; p < points.rows(); ++p) {
    Index cell = 0;
    bool inside = true;
    for (int k = 0; k < grid.dimension(); ++k) {
      const Axis& axis = grid.axis(k);
      const double x = points(p, k);
      inside = inside && x >= axis.lower && x <= axis.upper;
      if (!inside) break;
      cell += grid.stride(k) * std::min(axis.cells - 1, static_cast<Index>((x - axis.lower) / axis.spacing()));
    }
    if (inside) rho.values[cell] += share;
  }
  return rho;
}

Field kernel_density(const Grid& grid, const Eigen::MatrixXd& points, const Point& bandwidth) {
  check_bandwidth(grid, bandwidth);
  constexpr Index chunk = 256;  // keeps the kernels of a chunk small and in the cache
  Field rho(grid);
  for (Index begin = 0; begin < points.rows(); begin += chunk) {
    const Index count = std::min(chunk, points.rows() - begin);
    add_kernels(points.middleRows(begin, count), bandwidth, static_cast<double>(points.rows()), rho);
  }
  return rho;
}

}  // namespace wpg
