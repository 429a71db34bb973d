#include "wpg/expression.hpp"

#include <array>
#include <cmath>
#include <optional>

#include "expression_formula.hpp"
#include "expression_symbolic.hpp"
#include "extrapolation.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

double first_step(double coordinate) { return 0.1 * std::max(1.0, std::abs(coordinate)); }

/// The formula rewritten by the algebra system must mean what the user wrote; it is compared at a few points.
bool same(const Formula& a, const Formula& b, int dimension) {
  for (int k = 1; k <= 24; ++k) {
    Point x(dimension);
    for (int axis = 0; axis < dimension; ++axis) x[axis] = 0.25 * k * std::sin(2.0 + 3.0 * k + 5.0 * axis);
    double left = 0.0;
    double right = 0.0;
    a.evaluate(x, &left);
    b.evaluate(x, &right);
    if (std::isfinite(left) && !(std::abs(left - right) <= 1e-9 * (1.0 + std::abs(left)))) return false;
  }
  return true;
}

/// muParser would take a single = as an assignment to a coordinate.
bool assigns(const std::string& text) {
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] != '=') continue;
    if (k + 1 < text.size() && text[k + 1] == '=') {
      ++k;
    } else if (k == 0 || std::string("<>!").find(text[k - 1]) == std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

struct Expression::Plan {
  struct Symbolic {
    Symbolic(const Derivatives& texts, int dimension)
        : value(texts.value, dimension), gradient(texts.gradient, dimension), hessian(texts.hessian, dimension) {}
    Formula value, gradient, hessian;
  };

  Plan(const std::string& text, int dimension) : value(text, dimension) {
    if (assigns(text)) throw Formula::SyntaxError{"a single = is not an operator"};
    if (value.count() != 1) throw Formula::SyntaxError{"it holds " + std::to_string(value.count()) + " formulas"};
    const auto texts = differentiate(text, dimension);
    if (!texts) return;
    try {
      symbolic.emplace(*texts, dimension);
      if (!same(value, symbolic->value, dimension)) symbolic.reset();
    } catch (const Formula::SyntaxError&) {
      symbolic.reset();  // a complex constant, say: numeric differences serve
    }
  }

  double at(Point x, int k, double a, int l = 0, double b = 0.0) const {
    x[k] += a;
    x[l] += b;
    double result = 0.0;
    value.evaluate(x, &result);
    return result;
  }

  double slope(const Point& x, int k) const {
    return extrapolated(first_step(x[k]), [&](double h) { return (at(x, k, h) - at(x, k, -h)) / (2.0 * h); });
  }

  double curvature(const Point& x, int k) const {
    const double middle = at(x, k, 0.0);
    return extrapolated(first_step(x[k]),
                        [&](double h) { return (at(x, k, h) - 2.0 * middle + at(x, k, -h)) / (h * h); });
  }

  double mixed(const Point& x, int k, int l) const {
    const double ratio = first_step(x[l]) / first_step(x[k]);
    return extrapolated(first_step(x[k]), [&](double h) {
      const double g = ratio * h;
      return (at(x, k, h, l, g) - at(x, k, h, l, -g) - at(x, k, -h, l, g) + at(x, k, -h, l, -g)) / (4.0 * h * g);
    });
  }

  Formula value;
  std::optional<Symbolic> symbolic;
};

Expression::Expression(const std::string& name, const std::string& text, int dimension) {
  const std::string variables = std::string("x, y, z").substr(0, static_cast<std::size_t>(3 * dimension - 2));
  try {
    plan_ = std::make_unique<Plan>(text, dimension);
  } catch (const Formula::SyntaxError& error) {
    throw InvalidValue(name, text, "a formula in " + variables + " (" + error.message + ")");
  }
}

Expression::~Expression() = default;
Expression::Expression(Expression&&) noexcept = default;

bool Expression::symbolic() const { return plan_->symbolic.has_value(); }

double Expression::value(const Point& x) const { return plan_->at(x, 0, 0.0); }

Point Expression::gradient(const Point& x) const {
  Point g(x.size());
  if (symbolic()) {
    plan_->symbolic->gradient.evaluate(x, g.data());
  } else {
    for (int k = 0; k < x.size(); ++k) g[k] = plan_->slope(x, k);
  }
  return g;
}

Tensor Expression::hessian(const Point& x) const {
  const int d = static_cast<int>(x.size());
  std::array<double, 6> upper{};
  if (symbolic()) plan_->symbolic->hessian.evaluate(x, upper.data());
  Tensor result(d, d);
  std::size_t next = 0;
  for (int k = 0; k < d; ++k) {
    for (int l = k; l < d; ++l, ++next) {
      if (!symbolic()) upper[next] = k == l ? plan_->curvature(x, k) : plan_->mixed(x, k, l);
      result(k, l) = result(l, k) = upper[next];
    }
  }
  return result;
}

}  // namespace wpg
