#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <thread>

#include "wpg/error.hpp"
#include "wpg/expression.hpp"

using namespace wpg;

namespace {

Point at(double x) { return Point::Constant(1, x); }
Point at(double x, double y) {
  Point p(2);
  p << x, y;
  return p;
}

std::string complaint(const std::string& text, int dimension) {
  try {
    const Expression expression("V", text, dimension);
  } catch (const InvalidValue& error) {
    CHECK(error.parameter == "V");
    CHECK(error.value == text);
    return error.admissible;
  }
  return "no error";
}

}  // namespace

TEST_CASE("precedence, constants and functions are the usual ones") {
  const auto value = [](const std::string& text, double x) { return Expression("V", text, 1).value(at(x)); };
  CHECK(value("-x^2", 3.0) == -9.0);
  CHECK(value("2^3^2", 0.0) == 512.0);
  CHECK(value("x^-2", 2.0) == 0.25);
  CHECK(value("12/2/3", 0.0) == 2.0);
  CHECK(value("log(x)", 2.0) == std::log(2.0));
  CHECK(value("ln(x)", 2.0) == std::log(2.0));
  CHECK(value("log10(x)", 1000.0) == doctest::Approx(3.0));
  CHECK(value("pi + e", 0.0) == doctest::Approx(M_PI + std::exp(1.0)));
  CHECK(value("x > 0 && x <= 2 ? pow(x, 3) : -1", 2.0) == 8.0);
  CHECK(value("max(abs(x), 1e-3)", -2.0) == 2.0);
  CHECK(std::isinf(value("1/x", 0.0)));
}

TEST_CASE("symbolic derivatives are exact to rounding") {
  struct Case {
    const char* text;
    std::function<double(double)> value, slope, curvature;
  };
  const std::vector<Case> cases = {
      {"-x^2/2 + 0.1*x", [](double x) { return -x * x / 2 + 0.1 * x; }, [](double x) { return -x + 0.1; },
       [](double) { return -1.0; }},
      {"(x^2 - 1)^2", [](double x) { return std::pow(x * x - 1, 2); }, [](double x) { return 4 * x * (x * x - 1); },
       [](double x) { return 12 * x * x - 4; }},
      {"ln(1 + e^x) + pi*x", [](double x) { return std::log1p(std::exp(x)) + M_PI * x; },
       [](double x) { return 1 / (1 + std::exp(-x)) + M_PI; },
       [](double x) { return 1 / (2 + std::exp(-x) + std::exp(x)); }},
      {"sqrt(1 + x^2)", [](double x) { return std::sqrt(1 + x * x); },
       [](double x) { return x / std::sqrt(1 + x * x); }, [](double x) { return std::pow(1 + x * x, -1.5); }},
      {"pow(x, 4)*exp(-x)*1e-3", [](double x) { return 1e-3 * std::pow(x, 4) * std::exp(-x); },
       [](double x) { return 1e-3 * std::pow(x, 3) * (4 - x) * std::exp(-x); },
       [](double x) { return 1e-3 * x * x * (12 - 8 * x + x * x) * std::exp(-x); }},
      {"log(cosh(x))", [](double x) { return std::log(std::cosh(x)); }, [](double x) { return std::tanh(x); },
       [](double x) { return 1 / std::pow(std::cosh(x), 2); }},
      {"x^3.5/(1+x)^0.5*(1+x)^(1/2)", [](double x) { return std::pow(x, 3.5); },
       [](double x) { return 3.5 * std::pow(x, 2.5); }, [](double x) { return 8.75 * std::pow(x, 1.5); }},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Expression expression("V", c.text, 1);
    CHECK(expression.symbolic());
    for (const double x : {0.3, 0.7, 1.9, 3.1}) {
      // A few roundings of terms of size one to ten.
      CHECK(expression.value(at(x)) == doctest::Approx(c.value(x)).epsilon(1e-14).scale(1));
      CHECK(expression.gradient(at(x))[0] == doctest::Approx(c.slope(x)).epsilon(1e-13).scale(1));
      CHECK(expression.hessian(at(x))(0, 0) == doctest::Approx(c.curvature(x)).epsilon(1e-13).scale(1));
    }
  }
}

TEST_CASE("mixed derivatives in two and three dimensions") {
  const Expression f("V", "x^2*y + sin(x*y)", 2);
  REQUIRE(f.symbolic());
  const double x = 0.7;
  const double y = -1.3;
  CHECK(f.gradient(at(x, y))[0] == doctest::Approx(2 * x * y + y * std::cos(x * y)).epsilon(1e-13));
  CHECK(f.gradient(at(x, y))[1] == doctest::Approx(x * x + x * std::cos(x * y)).epsilon(1e-13));
  const Tensor h = f.hessian(at(x, y));
  CHECK(h(0, 0) == doctest::Approx(2 * y - y * y * std::sin(x * y)).epsilon(1e-13));
  CHECK(h(0, 1) == doctest::Approx(2 * x + std::cos(x * y) - x * y * std::sin(x * y)).epsilon(1e-13));
  CHECK(h(1, 0) == h(0, 1));
  CHECK(h(1, 1) == doctest::Approx(-x * x * std::sin(x * y)).epsilon(1e-13));

  Point p(3);
  p << 2.0, 3.0, 5.0;
  const Tensor t = Expression("V", "x*y*z", 3).hessian(p);
  CHECK(t(0, 1) == 5.0);
  CHECK(t(0, 2) == 3.0);
  CHECK(t(1, 2) == 2.0);
  CHECK(t(2, 2) == 0.0);
}

TEST_CASE("where symbols do not reach, differences are accurate to 1e-8") {
  const Expression f("V", "x > 0 ? x^3*exp(-y) + log2(1 + x*x) : sin(y)", 2);
  CHECK_FALSE(f.symbolic());
  for (const double x : {0.4, 1.7, 6.0}) {
    for (const double y : {-1.0, 0.2, 2.0}) {
      const double decay = std::exp(-y);
      const double q = 1 + x * x;
      const double scale = std::max(1.0, f.value(at(x, y)));
      const auto near = [scale](double exact) { return doctest::Approx(exact).epsilon(1e-8).scale(scale); };
      const Point g = f.gradient(at(x, y));
      CHECK(g[0] == near(3 * x * x * decay + 2 * x / q / M_LN2));
      CHECK(g[1] == near(-x * x * x * decay));
      const Tensor h = f.hessian(at(x, y));
      CHECK(h(0, 0) == near(6 * x * decay + (2 / q - 4 * x * x / (q * q)) / M_LN2));
      CHECK(h(0, 1) == near(-3 * x * x * decay));
      CHECK(h(1, 1) == near(x * x * x * decay));
    }
  }
  // Undefined beyond x = 0, so that the first steps fail.
  const Expression g("V", "log2(x)", 1);
  CHECK(g.gradient(at(0.05))[0] == doctest::Approx(20.0 / M_LN2).epsilon(1e-8));
  CHECK(g.hessian(at(0.05))(0, 0) == doctest::Approx(-400.0 / M_LN2).epsilon(1e-8));
}

TEST_CASE("one expression serves many threads at once") {
  const Expression f("V", "x^2 + 3*x*y + exp(-y^2)", 2);
  std::array<int, 8> wrong{};
  std::vector<std::thread> workers;
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    workers.emplace_back([&f, &count = wrong[t], t] {
      for (int k = 0; k < 2000; ++k) {
        const double x = 0.001 * k + static_cast<double>(t);
        const double y = 1.0 - x;
        count += std::abs(f.gradient(at(x, y))[0] - (2 * x + 3 * y)) > 1e-12;
        count += std::abs(f.value(at(x, y)) - (x * x + 3 * x * y + std::exp(-y * y))) > 1e-12 * (1 + x * x);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  for (const int count : wrong) CHECK(count == 0);
}

TEST_CASE("what is not a formula is refused with the position") {
  CHECK(complaint("x^2 + foo", 1) == "a formula in x (Unexpected token \"foo\" found at character 7)");
  CHECK(complaint("x + y", 1) == "a formula in x (Unexpected token \"y\" found at character 5)");
  CHECK(complaint("x + z", 2) == "a formula in x, y (Unexpected token \"z\" found at character 5)");
  CHECK(complaint("", 1) == "a formula in x (Expression is empty)");
  CHECK(complaint("log(x", 1) == "a formula in x (Missing parenthesis at character 7)");
  CHECK(complaint("x, x^2", 3) == "a formula in x, y, z (it holds 2 formulas)");
  CHECK(complaint("x = 2", 1) == "a formula in x (a single = is not an operator)");
  CHECK(complaint("2x", 1) == "a formula in x (Unexpected variable \"x\" found at character 2)");
  CHECK(complaint("x +", 1).starts_with("a formula in x (Unexpected end of expression"));
}
