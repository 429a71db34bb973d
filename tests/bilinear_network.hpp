#pragma once
#include <Eigen/Core>
#include <cmath>
#include <string>

#include "case_steps.hpp"
#include "wpg/reduce.hpp"

namespace wpg::test {

/// A network phi = a w x that learns y = x, x uniform on [-1, 1], by explicit steps of gamma = 1/2; with noise of
/// strength beta where the case's end says so. phi is quadratic in (a, w), so the map of a step is linear and Gaussians
/// stay Gaussian.
class BilinearNetwork {
 public:
  BilinearNetwork(const std::string& cells, double beta, const std::string& end = "")
      : case_("[grid]\ncells = " + cells +
              "\nlower = -5\nupper = 5\n[potential]\ntype = none\n"
              "[initial]\ntype = gaussian\nmean = 0.8 0.3\ncovariance = 0.5 0.1 0.1 0.3\n"
              "[energy]\ntype = none\nnetwork = linear\n[network]\nparameters = output weight\n"
              "truth = x\nnodes = 8\n[scheme]\nname = forward\ngamma = 0.5\nsteps = 2\n" +
              end),
        beta_(beta) {}

  /// The largest error of mean and covariance after two steps.
  double error() {
    const Field rho = case_.after(2);
    for (int n = 0; n < 2; ++n) step();
    return std::max((covariance(rho) - covariance_).cwiseAbs().maxCoeff(), (mean(rho) - mean_).cwiseAbs().maxCoeff());
  }

 private:
  /// E x^2 = 1/3; the first variation is (E[a w] - 1)/3 a w, its gradient that of a w at a noisy (a, w).
  void step() {
    const double factor = 0.5 * (covariance_(0, 1) + mean_[0] * mean_[1] - 1.0) / 3.0;
    const Eigen::Matrix2d map = (Eigen::Matrix2d() << 1.0, -factor, -factor, 1.0).finished();
    mean_ = map * mean_;
    covariance_ = map * covariance_ * map + std::pow(beta_ * factor, 2) * Eigen::Matrix2d::Identity();
  }

  Case case_;
  double beta_;
  Eigen::Vector2d mean_{0.8, 0.3};
  Eigen::Matrix2d covariance_ = (Eigen::Matrix2d() << 0.5, 0.1, 0.1, 0.3).finished();
};

}  // namespace wpg::test
