#include "wpg/radial_kernel.hpp"

#include <cmath>

#include "admissible.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

void require_finite(const std::string& name, double number) {
  if (!std::isfinite(number)) throw InvalidValue(name, written(number), "finite");
}

}  // namespace

OffsetKernel RadialKernel::offsets() const {
  return [f = value](const Point& x) { return f(x.squaredNorm()); };
}

OffsetKernel RadialKernel::derivative(int axis) const {
  return [df = slope, axis](const Point& x) { return 2.0 * x[axis] * df(x.squaredNorm()); };
}

RadialKernel gaussian_kernel(double width, double strength) {
  require_positive("width", width);
  require_finite("strength", strength);
  const double rate = 0.5 / (width * width);
  return {"gaussian", [=](double s) { return strength * std::exp(-rate * s); },
          [=](double s) { return -strength * rate * std::exp(-rate * s); }};
}

RadialKernel inverse_multiquadric_kernel(double width, double strength) {
  require_positive("width", width);
  require_finite("strength", strength);
  const double rate = 1.0 / (width * width);
  return {"inverse-multiquadric", [=](double s) { return strength / std::sqrt(1.0 + rate * s); },
          [=](double s) { return -0.5 * strength * rate * std::pow(1.0 + rate * s, -1.5); }};
}

RadialKernel quadratic_kernel(double strength) {
  require_finite("strength", strength);
  return {"quadratic", [=](double s) { return 0.5 * strength * s; }, [=](double) { return 0.5 * strength; }};
}

RadialKernel power_kernel(double exponent, double core, double strength) {
  if (!(exponent > -3.0) || exponent == 0.0 || !std::isfinite(exponent)) {
    throw InvalidValue("exponent", written(exponent), "above -3, finite and not 0");
  }
  require_positive("core", core);
  require_finite("strength", strength);
  const double c = core * core;
  return {"power", [=](double s) { return strength * std::pow(s + c, 0.5 * exponent) / exponent; },
          [=](double s) { return 0.5 * strength * std::pow(s + c, 0.5 * exponent - 1.0); }};
}

RadialKernel logarithmic_kernel(double core, double strength) {
  require_positive("core", core);
  require_finite("strength", strength);
  const double c = core * core;
  return {"logarithmic", [=](double s) { return 0.5 * strength * std::log(s + c); },
          [=](double s) { return 0.5 * strength / (s + c); }};
}

}  // namespace wpg
