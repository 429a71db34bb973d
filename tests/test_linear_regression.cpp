#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "oracles.hpp"
#include "scratch_file.hpp"
#include "wpg/csv.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/potentials/linear_regression.hpp"

using namespace wpg;

namespace {

const std::string cars = std::string(WPG_SOURCE_DIR) + "/examples/lasso-prior/cars.csv";

}  // namespace

TEST_CASE("linear regression: slopes, Gram matrix and noise are those of a least-squares solver with an intercept") {
  const std::vector<std::string> columns = {"weight", "axle_ratio", "mpg"};
  const LeastSquares fit = read_least_squares(cars, columns, false);
  const Eigen::MatrixXd table = read_csv(cars, columns);
  Eigen::MatrixXd design(table.rows(), 3);
  design.col(0).setOnes();
  design.rightCols(2) = table.leftCols(2);
  const Eigen::VectorXd all = oracle::least_squares(design, table.col(2));
  CHECK((fit.estimate - all.tail(2)).norm() < 1e-12);
  CHECK(fit.deviation == doctest::Approx((table.col(2) - design * all).norm() / std::sqrt(29.0)).epsilon(1e-12));
  // The covariance of the slopes is a block of the inverse with the intercept.
  const Eigen::MatrixXd covariance = oracle::inverse(design.transpose() * design);
  CHECK((oracle::inverse(fit.gram) - covariance.bottomRightCorner(2, 2)).norm() < 1e-12);
  // Standardised: the published sample deviations, 0.97845744 and 0.53467874.
  const LeastSquares standard = read_least_squares(cars, columns, true);
  CHECK(standard.estimate[0] == doctest::Approx(fit.estimate[0] * 0.97845744).epsilon(1e-7));
  CHECK(standard.estimate[1] == doctest::Approx(fit.estimate[1] * 0.53467874).epsilon(1e-7));
  CHECK(standard.gram(0, 0) == doctest::Approx(31.0).epsilon(1e-12));
}

TEST_CASE("linear regression: a case has its law of the slopes for target") {
  const std::string grid = "[grid]\ncells = 32 32\nlower = -8 -4\nupper = 0 4\n[initial]\ntype = gaussian\n";
  const std::string data = "[potential]\ntype = linear\ndata = " + cars + "\ncolumns = weight axle_ratio mpg\n";
  const Problem problem = make_problem(Config::parse(grid + data + "noise = 2\n", "."));
  REQUIRE(problem.gaussian_target);
  const LeastSquares fit = read_least_squares(cars, {"weight", "axle_ratio", "mpg"}, true);
  CHECK((problem.gaussian_target->mean - Point(fit.estimate)).norm() < 1e-14);
  CHECK((problem.gaussian_target->covariance - Tensor(4.0 * oracle::inverse(fit.gram))).norm() < 1e-12);
  // V is minus the log likelihood: its gradient at 0 is -X^T y / noise^2 = -gram estimate / noise^2.
  const Point gradient = problem.potential->gradient(Point::Zero(2));
  CHECK((gradient + Point(fit.gram * fit.estimate / 4.0)).norm() < 1e-12);
}

TEST_CASE("linear regression: data that cannot be are refused by file") {
  const ScratchFile few("few.csv", "a,b,y\n1,2,3\n2,3,4\n3,1,2\n");
  CHECK_THROWS_AS(read_least_squares(few.path(), {"a", "b", "y"}, true), InputError);
  const ScratchFile constant("constant.csv", "a,y\n1,3\n1,4\n1,2\n1,5\n");
  CHECK_THROWS_AS(read_least_squares(constant.path(), {"a", "y"}, true), InputError);
  const ScratchFile dependent("dependent.csv", "a,b,y\n1,2,3\n2,4,4\n3,6,2\n4,8,1\n5,10,2\n");
  CHECK_THROWS_AS(read_least_squares(dependent.path(), {"a", "b", "y"}, false), InputError);
}
