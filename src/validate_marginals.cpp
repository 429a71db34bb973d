#include "validate_marginals.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace wpg {
namespace {

/// The sum of a series over all marginals; nothing where one of them lacks it.
Eigen::VectorXd total(const std::vector<Recording>& parts, const std::vector<Marginal>& marginals,
                      const std::function<Eigen::VectorXd(const Recording&)>& series) {
  Eigen::VectorXd sum = series(parts.front()) * static_cast<double>(marginals.front().copies);
  for (std::size_t k = 1; k < parts.size(); ++k) {
    const Eigen::VectorXd one = series(parts[k]);
    if (one.size() != sum.size()) return {};
    sum += one * static_cast<double>(marginals[k].copies);
  }
  return sum;
}

/// Mean, variance, center and precision of every marginal that is a Gaussian on its way to one; none if one is not.
Eigen::MatrixXd gaussians_of(const std::vector<Recording>& parts) {
  Eigen::MatrixXd rows(static_cast<Index>(parts.size()), 4);
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const RunPlan& plan = parts[k].plan.run;
    const Problem& problem = plan.problem;
    if (!problem.gaussian_initial || !problem.gaussian_target || plan.scheme.name != "forward-backward" ||
        !problem.energies.empty()) {
      return {};
    }
    rows.row(static_cast<Index>(k)) << problem.gaussian_initial->mean[0], problem.gaussian_initial->covariance(0, 0),
        problem.gaussian_target->mean[0], 1.0 / problem.gaussian_target->covariance(0, 0);
  }
  return rows;
}

/// What a marginal has for the keys of the sections, as numbers, section by section.
std::vector<double> values_of(const Marginal& marginal, const std::vector<std::string>& sections) {
  std::vector<double> values;
  for (const std::string& section : sections) {
    for (const auto& [key, value] : marginal.overrides) {
      if (key.starts_with(section)) values.push_back(std::stod(value));
    }
  }
  return values;
}

}  // namespace

std::vector<Batch> batches_of(const std::vector<Marginal>& all) {
  std::vector<std::pair<std::vector<double>, std::size_t>> order;
  for (std::size_t k = 0; k < all.size(); ++k) {
    order.emplace_back(values_of(all[k], {"grid.", "potential.", "initial."}), k);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::lexicographical_compare(a.first.begin(), a.first.end(), b.first.begin(), b.first.end());
  });
  std::vector<Batch> batches;
  for (const auto& [values, k] : order) {
    const bool fits = !batches.empty() && batches.back().size() < batch_size &&
                      values_of(all[batches.back().front()], {"grid."}) == values_of(all[k], {"grid."});
    if (!fits) batches.emplace_back();
    batches.back().push_back(k);
  }
  return batches;
}

void add_series(Recording& product, const std::vector<Recording>& parts, const std::vector<Marginal>& marginals) {
  for (const auto& [name, values] : parts.front().series) {
    if (values.cols() != 1 || name == "mean" || name == "covariance") continue;
    const Eigen::VectorXd sum = total(parts, marginals, [&key = name](const Recording& part) {
      return part.has(key) ? part[key] : Eigen::VectorXd();
    });
    if (sum.size() > 0) product.series[name] = sum;
  }
  product.exact_w2 = total(parts, marginals, [](const Recording& part) { return part.exact_w2; });
  product.beyond = total(parts, marginals, [](const Recording& part) { return part.beyond; });
  product.exact_kl = total(parts, marginals, [](const Recording& part) { return part.exact_kl; });
}

Marginals marginals_of(const std::vector<Recording>& parts, const std::vector<Marginal>& marginals) {
  Marginals all;
  const auto count = static_cast<Index>(parts.size());
  for (const auto& [key, value] : marginals.front().overrides) all.columns.push_back(key);
  all.values.resize(count, static_cast<Index>(all.columns.size()));
  all.w2.setConstant(parts.front().plan.run.steps + 1, count, std::numeric_limits<double>::quiet_NaN());
  all.kl.setConstant(count, std::numeric_limits<double>::quiet_NaN());
  for (Index k = 0; k < count; ++k) {
    const Recording& part = parts[static_cast<std::size_t>(k)];
    const Marginal& marginal = marginals[static_cast<std::size_t>(k)];
    all.copies.push_back(marginal.copies);
    for (Index c = 0; c < all.values.cols(); ++c) {
      all.values(k, c) = std::stod(marginal.overrides[static_cast<std::size_t>(c)].second);
    }
    if (part.has("w2_squared")) all.w2.col(k) = part["w2_squared"];
    if (part.has("kl")) all.kl[k] = part["kl"].tail(1)[0];
  }
  all.gaussian = gaussians_of(parts);
  return all;
}

}  // namespace wpg
