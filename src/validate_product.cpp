#include <algorithm>
#include <cmath>
#include <exception>
#include <optional>

#include "text.hpp"
#include "validate_batch.hpp"
#include "validate_marginals.hpp"
#include "wpg/csv.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"

namespace wpg {
namespace {

constexpr double most_copies = 1e9;

Index copies_of(const Config& config, double written) {
  if (written >= 1.0 && written <= most_copies && written == std::floor(written)) return static_cast<Index>(written);
  config.reject("product.file",
                "a file whose column copies holds whole numbers from 1 to 1e9, not " + shortest(written));
}

void check_column(const Config& config, const std::string& column) {
  const bool fits = column == "copies" || column.starts_with("initial.") || column.starts_with("potential.") ||
                    column.starts_with("grid.");
  if (!fits) config.reject("product.columns", "keys of [grid], [potential] and [initial], and copies");
}

/// The rows of the file; equal ones are one marginal.
std::vector<Marginal> read_marginals(const Config& config) {
  const std::vector<std::string> columns = config.words("product.columns");
  for (const std::string& column : columns) check_column(config, column);
  const Eigen::MatrixXd rows = read_csv(config.path("product.file"), columns);
  std::vector<Marginal> all;
  for (Index r = 0; r < rows.rows(); ++r) {
    Marginal marginal{{}, 1};
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const double value = rows(r, static_cast<Index>(k));
      if (columns[k] == "copies") {
        marginal.copies = copies_of(config, value);
      } else {
        marginal.overrides.emplace_back(columns[k], shortest(value, 17));
      }
    }
    const auto same =
        std::find_if(all.begin(), all.end(), [&](const Marginal& m) { return m.overrides == marginal.overrides; });
    same == all.end() ? all.push_back(marginal) : void(same->copies += marginal.copies);
  }
  return all;
}

Config config_of(const LoadCase& load, const Overrides& overrides, const Marginal& marginal) {
  Overrides own = overrides;
  own.insert(own.end(), marginal.overrides.begin(), marginal.overrides.end());
  return load(own);
}

/// The marginals of a batch, together where they can be.
std::vector<Recording> record_some(const LoadCase& load, const Overrides& overrides, const std::vector<Marginal>& all,
                                   const Batch& batch) {
  std::vector<CasePlan> plans;
  plans.reserve(batch.size());
  for (const std::size_t k : batch) plans.push_back(plan_case(config_of(load, overrides, all[k])));
  const Config config = config_of(load, overrides, all[batch.front()]);
  const bool together =
      batch.size() > 1 && config.text("jko.kernel") != "fft" &&
      std::all_of(plans.begin(), plans.end(), [&](const CasePlan& plan) { return same_batch(plans.front(), plan); });
  if (together) return record_batch(config, std::move(plans));
  std::vector<Recording> parts;
  parts.reserve(plans.size());
  for (CasePlan& plan : plans) parts.push_back(record_plan(std::move(plan)));
  return parts;
}

/// Every batch on one thread: a marginal is too small for more.
std::vector<Recording> record_all(const LoadCase& load, const Overrides& overrides, const std::vector<Marginal>& all) {
  const std::vector<Batch> batches = batches_of(all);
  std::vector<std::optional<Recording>> parts(all.size());
  std::vector<std::exception_ptr> errors(batches.size());
  parallel_for(
      static_cast<Index>(batches.size()),
      [&](Index index) {
        // From both ends in turn, so that the threads' shares cost the same.
        const auto half = static_cast<std::size_t>(index / 2);
        const std::size_t b = index % 2 == 0 ? half : batches.size() - 1 - half;
        try {
          std::vector<Recording> some = record_some(load, overrides, all, batches[b]);
          for (std::size_t k = 0; k < some.size(); ++k) parts[batches[b][k]] = std::move(some[k]);
        } catch (...) {
          errors[b] = std::current_exception();
        }
      },
      2);
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  std::vector<Recording> done;
  done.reserve(parts.size());
  for (std::optional<Recording>& part : parts) done.push_back(std::move(*part));
  return done;
}

}  // namespace

Recording record_product(const LoadCase& load, const Overrides& overrides) {
  const Config config = load(overrides);
  const std::vector<Marginal> marginals = read_marginals(config);
  const std::vector<Recording> parts = record_all(load, overrides, marginals);
  Recording product{plan_case(config)};
  if (product.plan.run.problem.grid.dimension() != 1) config.reject("product.file", "used with a grid in 1 dimension");
  add_series(product, parts, marginals);
  product.parts = marginals_of(parts, marginals);
  product.lambda = HUGE_VAL;
  product.marginals = 0;
  product.distinct = static_cast<Index>(parts.size());
  for (std::size_t k = 0; k < parts.size(); ++k) {
    product.lambda = std::min(product.lambda, parts[k].lambda);
    product.marginals += marginals[k].copies;
  }
  return product;
}

}  // namespace wpg
