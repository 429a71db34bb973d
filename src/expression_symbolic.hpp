#pragma once
#include <optional>
#include <string>

namespace wpg {

/// A formula and its derivatives, written so that Formula reads them: the value, the gradient (separated by commas),
/// the upper triangle of the Hessian row by row (likewise).
struct Derivatives {
  std::string value, gradient, hessian;
};

/// Differentiates a formula that Formula accepts; nothing where it holds anything but smooth functions.
std::optional<Derivatives> differentiate(const std::string& text, int dimension);

}  // namespace wpg
