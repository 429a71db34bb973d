#include <doctest/doctest.h>

#include <cmath>

#include "dense_oracles.hpp"
#include "jko/anderson.hpp"
#include "random_values.hpp"
#include "wpg/parallel.hpp"

using namespace wpg;
using wpg::test::random_values;

namespace {

/// The proposal by its definition, for a history of iterates and corrections (the last one current).
Values dense_proposal(const std::vector<Values>& x, const std::vector<Values>& d, const Values& log_weight) {
  const std::size_t last = x.size() - 1;
  const std::size_t first = last > static_cast<std::size_t>(Anderson::depth) ? last - Anderson::depth : 0;
  const auto columns = static_cast<Index>(last - first);
  Values out = x[last] + d[last];
  if (columns == 0) return out;
  const Values root = (0.5 * log_weight).exp();
  Eigen::MatrixXd changes(out.size(), columns);
  Eigen::MatrixXd corrections(out.size(), columns);
  for (Index k = 0; k < columns; ++k) {
    const std::size_t i = first + static_cast<std::size_t>(k);
    changes.col(k) = root * (d[i + 1] - d[i]);
    corrections.col(k) = x[i + 1] - x[i] + d[i + 1] - d[i];
  }
  const Eigen::VectorXd c = oracle::least_squares(changes, (root * d[last]).matrix());
  return out - (corrections * c).array();
}

}  // namespace

TEST_CASE("a linear fixed point of few modes is found in one proposal more than modes, in any weights") {
  // Larger than a block of cells, with a rest; every cell follows one of `modes` rates.
  const Index size = 5003;
  for (const int modes : {1, 3, 6}) {
    const Values solution = random_values(size, -2.0, 2.0, 1);
    const Values log_weight = random_values(size, -4.0, 0.0, 2);
    Values rate(size);
    for (Index i = 0; i < size; ++i) rate[i] = 1.0 - 0.9 * static_cast<double>(i % modes) / 6.0;
    rate *= 0.8;
    Anderson anderson(size);
    anderson.weigh(log_weight);
    Values x = Values::Zero(size);
    for (int k = 0; k <= modes; ++k) {
      const Values d = rate * (solution - x);
      CHECK(d.abs().maxCoeff() > 1e-6);
      Values next(size);
      anderson.propose(x, d, next);
      x = next;
    }
    CAPTURE(modes);
    // The normal equations halve the digits that the differences' condition leaves.
    CHECK((x - solution).abs().maxCoeff() < 1e-6);
  }
}

// Random differences have condition numbers of about ten, and are kept in single precision.
constexpr double single_precision = 2e-6;

TEST_CASE("proposals are the weighted least squares of the last differences, by orthogonalisation") {
  const Index size = 700;
  Values log_weight = random_values(size, -30.0, 0.0, 3);
  Anderson anderson(size);
  anderson.weigh(log_weight);
  std::vector<Values> x = {random_values(size, -1.0, 1.0, 100)}, d;
  for (unsigned k = 0; k < 20; ++k) {
    d.push_back(random_values(size, -1.0, 1.0, 200 + k));
    if (k == 5 || k == 13) {  // with the history half full, and full
      log_weight = random_values(size, -30.0, 0.0, k);
      anderson.weigh(log_weight);
    }
    Values out(size);
    anderson.propose(x.back(), d.back(), out);
    CAPTURE(k);
    CHECK((out - dense_proposal(x, d, log_weight)).abs().maxCoeff() < single_precision);
    x.push_back(out);
  }
}

TEST_CASE("a correction of two parts is accelerated less where its residual is large") {
  const Index size = 2500;
  const Values log_weight = Values::Zero(size);
  Anderson anderson(size);
  std::vector<Values> x = {random_values(size, -1.0, 1.0, 100)}, d;
  for (unsigned k = 0; k < 4; ++k) {
    Values residual = random_values(size, -0.5, 0.5, 300 + k);
    residual[7] = 0.0;
    residual[8] = -0.0;
    const Values other = random_values(size, -1.0, 1.0, 200 + k);
    d.push_back(0.25 * residual + 0.5 * other);
    Values out(size);
    anderson.propose(x.back(), Correction{0.25, residual, 0.5, other}, out);
    const Values plain = x.back() + d.back();
    const Values share = (0.1 / residual.abs()).min(1.0);
    const Values expected = plain + share.square() * (dense_proposal(x, d, log_weight) - plain);
    CAPTURE(k);
    CHECK(!((out - expected).abs() >= single_precision).any());
    CHECK(out.allFinite());
    x.push_back(out);
  }
}

TEST_CASE("repeated differences do not spoil a proposal") {
  const Index size = 64;
  const Values solution = random_values(size, -1.0, 1.0, 4);
  Anderson anderson(size);
  Values x = Values::Zero(size);
  for (int k = 0; k < 6; ++k) {
    const Values d = 0.5 * (solution - x);
    Values next(size);
    anderson.propose(x, d, next);
    x = next;
    REQUIRE(x.allFinite());
  }
  CHECK((x - solution).abs().maxCoeff() < 1e-14);
}

TEST_CASE("a cleared history is forgotten") {
  const Index size = 40;
  Anderson anderson(size);
  Values out = random_values(size, 0, 1, 1);
  for (unsigned k = 0; k < 3; ++k) anderson.propose(Values(out), random_values(size, 0, 1, 9 + k), out);
  CHECK_FALSE(anderson.empty());
  anderson.clear();
  CHECK(anderson.empty());
  const Values x = random_values(size, 0, 1, 20);
  const Values d = random_values(size, 0, 1, 21);
  anderson.propose(x, d, out);
  CHECK((out == x + d).all());
  // Nor do columns of before the clearing come back with the next differences.
  Anderson other(size);
  Values expected(size);
  other.propose(x, d, expected);
  const Values next = out;
  const Values change = random_values(size, 0, 1, 23);
  anderson.propose(next, change, out);
  other.propose(next, change, expected);
  CHECK((out == expected).all());
}

TEST_CASE("proposals have the same bits for any number of threads") {
  const int before = threads();
  const Index size = 100'003;
  const Values log_weight = random_values(size, -20.0, 0.0, 6);
  std::vector<Values> results;
  for (const int count : {1, 3}) {
    set_threads(count);
    Anderson anderson(size);
    anderson.weigh(log_weight);
    Values out = random_values(size, -1, 1, 7);
    for (unsigned k = 0; k < 4; ++k) anderson.propose(Values(out), random_values(size, -1, 1, 50 + k), out);
    results.push_back(out);
  }
  set_threads(before);
  CHECK((results[0] == results[1]).all());
}

TEST_CASE("several problems are accelerated each for itself") {
  const Index size = 300, problems = 3;
  const Values log_weight = random_values(size * problems, -10.0, 0.0, 5);
  Anderson together(size * problems, problems);
  std::vector<Anderson> alone(static_cast<std::size_t>(problems), Anderson(size));
  together.weigh(log_weight);
  for (Index p = 0; p < problems; ++p) {
    alone[static_cast<std::size_t>(p)].weigh(log_weight.segment(p * size, size));
  }
  Values x = random_values(size * problems, -1.0, 1.0, 300);
  for (unsigned k = 0; k < 10; ++k) {
    const Values d = random_values(size * problems, -1.0, 1.0, 400 + k);
    Values out(size * problems), one(size);
    together.propose(x, d, out);
    for (Index p = 0; p < problems; ++p) {
      const auto part = [&](const Values& all) { return Values(all.segment(p * size, size)); };
      alone[static_cast<std::size_t>(p)].propose(part(x), part(d), one);
      CHECK((part(out) - one).abs().maxCoeff() < 1e-13);
    }
    x = out;
  }
}
