#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "dense_oracles.hpp"
#include "wpg/error.hpp"
#include "wpg/parallel.hpp"
#include "wpg/particles.hpp"

using namespace wpg;

namespace {

struct Sample {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;
};

Sample sample_of(const Particles& x) {
  const Eigen::MatrixXd centered = x.rowwise() - x.colwise().mean();
  return {x.colwise().mean().transpose(), centered.transpose() * centered / static_cast<double>(x.rows())};
}

/// A symmetric positive definite matrix with eigenvalues between `low` and low + 1, in no special basis.
Eigen::MatrixXd tilted(Index d, double low, double phase) {
  Eigen::MatrixXd a(d, d);
  for (Index i = 0; i < d; ++i) {
    for (Index j = 0; j < d; ++j) a(i, j) = std::sin(1.0 + phase + 1.7 * static_cast<double>(i * d + j));
  }
  const Eigen::MatrixXd square = a * a.transpose();
  return low * Eigen::MatrixXd::Identity(d, d) + square / square.trace();
}

Eigen::VectorXd ramp(Index d, double from, double to) { return Eigen::VectorXd::LinSpaced(d, from, to); }

}  // namespace

TEST_CASE("particles: a Gaussian is drawn with its moments, the first points whatever the count") {
  const exact::Normal law{ramp(5, -1.0, 2.0), tilted(5, 0.3, 0.0)};
  NormalNumbers random(4);
  NormalNumbers same(4);
  const Particles x = draw_particles(law, 40000, random);
  const Particles few = draw_particles(law, 100, same);
  const Sample moments = sample_of(x);
  // Five standard errors, of the mean sqrt(0.9/40000) and of a covariance 0.9 sqrt(2/40000), at most.
  CHECK((moments.mean - law.mean).cwiseAbs().maxCoeff() < 0.024);
  CHECK((moments.covariance - law.covariance).cwiseAbs().maxCoeff() < 0.032);
  CHECK(few == x.topRows(100));
}

TEST_CASE("particles: closed-form particles have the recursion's moments, step by step") {
  // A step is affine, so the sample's own moments, as those of a Gaussian, go through steps that are not the
  // recursion's but differ from it by the sampling error; standardised by the law, the sample must not change but for a
  // rotation.
  const exact::Normal start{ramp(4, 3.0, -2.0), tilted(4, 0.2, 0.4)};
  const exact::Quadratic V{ramp(4, 0.0, 1.0), tilted(4, 0.5, 1.1)};
  NormalNumbers random(9);
  GaussianParticles particles(start, V, 0.4, 3000, random);
  exact::GaussianRecursion recursion("forward-backward", start, V, {0.4});
  const auto mahalanobis = [&] {
    const Eigen::MatrixXd centered = particles.points().rowwise() - particles.law().mean.transpose();
    return Eigen::VectorXd(
        (centered * oracle::inverse(particles.law().covariance)).cwiseProduct(centered).rowwise().sum());
  };
  const Eigen::VectorXd before = mahalanobis();
  for (int step = 0; step < 30; ++step) {
    particles.advance();
    recursion.advance();
    CHECK((particles.law().covariance - recursion.law().covariance).norm() < 1e-12);
    CHECK((particles.law().mean - recursion.law().mean).norm() < 1e-12);
    const Sample moments = sample_of(particles.points());
    // Five standard errors of 3000 points with variances of at most 2.
    CHECK((moments.mean - recursion.law().mean).cwiseAbs().maxCoeff() < 5.0 * std::sqrt(2.0 / 3000.0));
    CHECK((moments.covariance - recursion.law().covariance).cwiseAbs().maxCoeff() < 10.0 * std::sqrt(2.0 / 3000.0));
  }
  CHECK((mahalanobis() - before).cwiseAbs().maxCoeff() < 1e-10);
}

TEST_CASE("particles: a backward step is implicit, y = x - gamma grad log mu(y)") {
  // Independent of the formula: the JKO step's own optimality condition, at every particle.
  const exact::Normal start{ramp(3, 1.0, -1.0), tilted(3, 0.3, 0.2)};
  const exact::Quadratic V{ramp(3, 0.5, 0.0), tilted(3, 0.4, 0.9)};
  NormalNumbers random(2);
  GaussianParticles particles(start, V, 0.3, 50, random);
  const Particles x = particles.points();
  particles.advance();
  const Particles y = particles.points();
  for (Index i = 0; i < 50; ++i) {
    const Eigen::VectorXd from = x.row(i).transpose() - 0.3 * V.precision * (x.row(i).transpose() - V.center);
    const Eigen::VectorXd score =
        -oracle::inverse(particles.law().covariance) * (y.row(i).transpose() - particles.law().mean);
    CHECK((y.row(i).transpose() - (from - 0.3 * score)).norm() < 1e-12);
  }
}

TEST_CASE("particles: independent coordinates are those of the full form, in one dimension and in a thousand") {
  for (const Index d : {Index{1}, Index{12}}) {
    const ProductParticles::Marginals start{ramp(d, -2.0, 3.0), ramp(d, 0.2, 4.0)};
    const ProductParticles::Potential V{ramp(d, 0.5, -0.5), ramp(d, 0.3, 1.5)};
    NormalNumbers random(5);
    NormalNumbers same(5);
    ProductParticles product(start, V, 0.5, 200, random);
    GaussianParticles full({start.mean, start.variance.asDiagonal()}, {V.center, V.precision.asDiagonal()}, 0.5, 200,
                           same);
    for (int step = 0; step < 20; ++step) {
      product.advance();
      full.advance();
    }
    CHECK((product.points() - full.points()).cwiseAbs().maxCoeff() < 1e-12);
    CHECK((product.law().variance - full.law().covariance.diagonal()).cwiseAbs().maxCoeff() < 1e-12);
  }
  const Index d = 1000;
  NormalNumbers random(1);
  ProductParticles product({Eigen::VectorXd::Constant(d, 10.0), Eigen::VectorXd::Constant(d, 100.0)},
                           {Eigen::VectorXd::Zero(d), Eigen::VectorXd::Ones(d)}, 0.2, 1000, random);
  for (int step = 0; step < 100; ++step) product.advance();
  // A million numbers of variance one, four standard errors.
  CHECK(std::abs(product.points().mean() - 10.0 * std::pow(0.8, 100)) < 0.004);
  CHECK(std::abs(product.points().squaredNorm() / 1e6 - 1.0) < 4.0 * std::sqrt(2e-6));
  CHECK((product.law().variance.array() - 1.0).abs().maxCoeff() < 1e-7);
}

TEST_CASE("particles: closed-form particles are the same for a seed, whatever the threads") {
  const exact::Normal start{ramp(3, 1.0, -1.0), tilted(3, 0.3, 0.2)};
  const exact::Quadratic V{ramp(3, 0.5, 0.0), tilted(3, 0.4, 0.9)};
  const int before = threads();
  std::vector<Particles> results;
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    NormalNumbers random(11);
    GaussianParticles particles(start, V, 0.3, 500, random);
    for (int step = 0; step < 5; ++step) particles.advance();
    results.push_back(particles.points());
  }
  set_threads(before);
  CHECK(results[0] == results[1]);
  CHECK(results[0] == results[2]);
}

TEST_CASE("particles: closed-form particles refuse what is out of range") {
  const exact::Normal start{ramp(2, 0.0, 1.0), Eigen::MatrixXd::Identity(2, 2)};
  const exact::Quadratic V{ramp(2, 0.0, 1.0), 2.0 * Eigen::MatrixXd::Identity(2, 2)};
  NormalNumbers random(1);
  const auto make = [&](const exact::Normal& law, double gamma, Index count) {
    return GaussianParticles(law, V, gamma, count, random);
  };
  CHECK_THROWS_AS(make(start, 0.5, 10), InvalidValue);
  CHECK_THROWS_AS(make(start, 0.0, 10), InvalidValue);
  CHECK_THROWS_AS(make(start, std::nan(""), 10), InvalidValue);
  CHECK_THROWS_AS(make(start, 0.4, 0), InvalidValue);
  CHECK_THROWS_AS(make({ramp(3, 0.0, 1.0), Eigen::MatrixXd::Identity(3, 3)}, 0.4, 10), InvalidValue);
  CHECK_THROWS_AS(make({start.mean, -start.covariance}, 0.4, 10), InvalidValue);
  const auto product = [&](double variance, double gamma) {
    return ProductParticles({start.mean, Eigen::VectorXd::Constant(2, variance)},
                            {V.center, Eigen::VectorXd::Constant(2, 2.0)}, gamma, 10, random);
  };
  CHECK_THROWS_AS(product(0.0, 0.4), InvalidValue);
  CHECK_THROWS_AS(product(1.0, 0.6), InvalidValue);
}
