#pragma once
#include <map>

#include "case_plan.hpp"
#include "wpg/exact.hpp"
#include "wpg/validate.hpp"

namespace wpg {

/// The distinct marginals of a product, one by one.
struct Marginals {
  std::vector<std::string> columns;  ///< keys that set them apart
  Eigen::MatrixXd values;            ///< (marginal, column)
  std::vector<Index> copies;         ///< how often each occurs
  Eigen::MatrixXd w2;                ///< (step, marginal)
  Eigen::VectorXd kl;                ///< after the last step
  /// Where initial density and target are Gaussians and the scheme is the proximal gradient, one row of mean, variance,
  /// center and precision for each; empty otherwise.
  Eigen::MatrixXd gaussian;
};

/// All diagnostics of a run that wrote no file: one row per step. Of a product of independent marginals: the sums of
/// their scalar series, and the plan of the first.
struct Recording {
  CasePlan plan;
  std::map<std::string, Eigen::MatrixXd> series = {};
  std::vector<exact::Normal> exact = {};  ///< closed form of every step; empty where there is none, and for a product
  Eigen::VectorXd exact_w2 = {},
                  exact_kl = {};  ///< of the closed form to the target, in every step; empty where there is none
  Eigen::VectorXd beyond = {};    ///< mass of the closed form outside the box, in every step; empty likewise
  double lambda = 0.0;            ///< smallest curvature
  Index marginals = 1;
  Index distinct = 1;
  std::optional<Marginals> parts = std::nullopt;  ///< of a product

  bool has(const std::string& name) const { return series.contains(name); }
  /// A scalar series.
  Eigen::VectorXd operator[](const std::string& name) const { return series.at(name).col(0); }
  double spacing() const { return plan.run.problem.grid.largest_spacing(); }
};

/// Runs a case, or a product of cases where it names one, with some more overrides.
Recording record(const LoadCase& load, const Overrides& overrides);
/// Runs one planned case.
Recording record_plan(CasePlan plan);
/// What a run recorded, step by step, with the closed form beside it.
Recording make_recording(CasePlan plan, const std::vector<std::vector<double>>& rows);
/// Runs every distinct marginal of a product once, in parallel, and adds them up as often as they occur.
Recording record_product(const LoadCase& load, const Overrides& overrides);

/// The overrides that multiply the cells of every axis; epsilon follows h^2 where it is a number, auto otherwise. Empty
/// where the cells cannot be divided.
std::optional<Overrides> with_cells(const Config& config, Index multiply, Index divide);

/// W2^2 to the target at every step; of a product of Gaussians also that of its particles.
Distances distances_of(const Recording& run, const Config& config);
/// IoError if output.file exists and may not be replaced.
void check_product_path(const Config& config);
/// Writes a product: its sums and its marginals' distances. IoError.
void write_product(const std::string& path, const Recording& run, const Distances& distances, const Config& config);

/// Tables of orders.
std::vector<OrderTable> order_tables(const LoadCase& load, const Recording& base, int refine);

/// Largest relative distance of mean and covariance to Gaussians, row n * stride of the run against laws[n].
double moment_error(const Recording& run, const std::vector<exact::Normal>& laws, Index stride = 1);

}  // namespace wpg
