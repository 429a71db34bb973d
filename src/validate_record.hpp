#pragma once
#include <map>

#include "case_plan.hpp"
#include "wpg/exact.hpp"
#include "wpg/validate.hpp"

namespace wpg {

/// All diagnostics of a run that wrote no file: one row per step. Of a product of independent marginals: the sums of
/// their scalar series, and the plan of the first.
struct Recording {
  CasePlan plan;
  std::map<std::string, Eigen::MatrixXd> series;
  std::vector<exact::Normal> exact;    ///< closed form of every step; empty where there is none, and for a product
  Eigen::VectorXd exact_w2, exact_kl;  ///< of the closed form to the target, in every step; empty where there is none
  double lambda = 0.0;                 ///< smallest curvature
  Index marginals = 1;
  Index distinct = 1;

  bool has(const std::string& name) const { return series.contains(name); }
  /// A scalar series.
  Eigen::VectorXd operator[](const std::string& name) const { return series.at(name).col(0); }
  double spacing() const { return plan.run.problem.grid.largest_spacing(); }
};

/// Runs a case, or a product of cases where it names one, with some more overrides.
Recording record(const LoadCase& load, const Overrides& overrides);
/// Runs one case.
Recording record_one(const Config& config);
/// Runs every distinct marginal of a product once, in parallel, and adds them up as often as they occur.
Recording record_product(const LoadCase& load, const Overrides& overrides);

/// The overrides that multiply the cells of every axis; epsilon follows h^2 where it is a number, auto otherwise. Empty
/// where the cells cannot be divided.
std::optional<Overrides> with_cells(const Config& config, Index multiply, Index divide);

/// Tables of orders.
std::vector<OrderTable> order_tables(const LoadCase& load, const Recording& base, int refine);

/// Largest relative distance of mean and covariance to Gaussians, row n * stride of the run against laws[n].
double moment_error(const Recording& run, const std::vector<exact::Normal>& laws, Index stride = 1);

}  // namespace wpg
