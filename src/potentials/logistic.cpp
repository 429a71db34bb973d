#include "wpg/potentials/logistic.hpp"

#include <cmath>

#include "admissible.hpp"
#include "wpg/csv.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

void standardise_column(Eigen::Ref<Eigen::VectorXd> x, const std::string& where) {
  x.array() -= x.mean();
  const double deviation = std::sqrt(x.squaredNorm() / static_cast<double>(x.size() - 1));
  if (!(deviation > 0.0)) throw InputError(where + " is constant: it cannot be standardised");
  x /= deviation;
}

/// 1 / (1 + exp(-eta)) without overflow.
double sigmoid(double eta) {
  const double e = std::exp(-std::abs(eta));
  return (eta >= 0.0 ? 1.0 : e) / (1.0 + e);
}

}  // namespace

Observations read_observations(const std::string& path, const std::vector<std::string>& columns, bool standardise) {
  const Eigen::MatrixXd table = read_csv(path, columns);
  const Index count = table.cols() - 1;
  Observations observations{table.leftCols(count), table.col(count)};
  for (const double y : observations.responses) {
    if (y == 0.0 || y == 1.0) continue;
    throw InputError(path + ": column '" + columns.back() + "': the response " + written(y) + " is neither 0 nor 1");
  }
  for (Index k = 0; standardise && k < count; ++k) {
    standardise_column(observations.covariates.col(k),
                       path + ": column '" + columns[static_cast<std::size_t>(k)] + "'");
  }
  return observations;
}

Logistic::Logistic(const Observations& observations, double prior_deviation) : responses_(observations.responses) {
  const Index count = observations.covariates.cols();
  if (count > 2) throw InvalidValue("columns", std::to_string(count) + " covariates", "at most two and the response");
  require_positive("prior-deviation", prior_deviation);
  prior_precision_ = 1.0 / (prior_deviation * prior_deviation);
  design_.resize(count + 1, responses_.size());
  design_.row(0).setOnes();
  design_.bottomRows(count) = observations.covariates.transpose();
}

double Logistic::value(const Point& b) const {
  double sum = 0.5 * prior_precision_ * b.squaredNorm();
  for (Index i = 0; i < responses_.size(); ++i) {
    const double eta = design_.col(i).dot(b);
    // log(1 + exp(eta)) - y eta, written with the sign that is wrong for this observation.
    const double wrong = responses_[i] > 0.5 ? -eta : eta;
    sum += std::max(wrong, 0.0) + std::log1p(std::exp(-std::abs(wrong)));
  }
  return sum;
}

Point Logistic::gradient(const Point& b) const {
  Point g = prior_precision_ * b;
  for (Index i = 0; i < responses_.size(); ++i) {
    const double eta = design_.col(i).dot(b);
    g += (responses_[i] > 0.5 ? -sigmoid(-eta) : sigmoid(eta)) * design_.col(i);
  }
  return g;
}

Tensor Logistic::hessian(const Point& b) const {
  Tensor h = prior_precision_ * Tensor::Identity(b.size(), b.size());
  for (Index i = 0; i < responses_.size(); ++i) {
    const double eta = design_.col(i).dot(b);
    h += sigmoid(eta) * sigmoid(-eta) * design_.col(i).lazyProduct(design_.col(i).transpose());
  }
  return h;
}

}  // namespace wpg
