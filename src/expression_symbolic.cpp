#include "expression_symbolic.hpp"

#include <ginac/ginac.h>

#include <array>
#include <sstream>
#include <vector>

namespace wpg {
namespace {

/// Aligned, because the parser tells readers from its own functions' numbers by the lowest bit of the pointer.
[[gnu::aligned(16)]] GiNaC::ex natural_logarithm(const GiNaC::exvector& arguments) {
  return GiNaC::log(arguments.at(0));
}

/// The smooth functions among those that a formula may hold.
GiNaC::prototype_table smooth_functions() {
  GiNaC::prototype_table table;
  for (const auto& [prototype, reader] : GiNaC::get_default_reader()) {
    for (const char* const name : {"sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh",
                                   "asinh", "acosh", "atanh", "exp", "log", "sqrt", "pow"}) {
      if (prototype.first == name) table.emplace(prototype, reader);
    }
  }
  table[GiNaC::prototype("ln", 1)] = natural_logarithm;
  return table;
}

void append(std::string& list, const GiNaC::ex& formula) {
  std::ostringstream text;
  text << formula;
  if (!list.empty()) list += ", ";
  list += text.str();
}

}  // namespace

std::optional<Derivatives> differentiate(const std::string& text, int dimension) {
  static constexpr std::array<const char*, 3> names = {"x", "y", "z"};
  GiNaC::symtab symbols = {{"pi", GiNaC::Pi}, {"_pi", GiNaC::Pi}, {"e", GiNaC::exp(1)}, {"_e", GiNaC::exp(1)}};
  std::vector<GiNaC::realsymbol> coordinates;
  for (int k = 0; k < dimension; ++k) {
    coordinates.emplace_back(names[static_cast<std::size_t>(k)]);
    symbols[names[static_cast<std::size_t>(k)]] = coordinates.back();
  }
  try {
    GiNaC::parser parse(symbols, true, smooth_functions());
    const GiNaC::ex formula = parse(text);
    Derivatives result;
    append(result.value, formula);
    for (auto first = coordinates.begin(); first != coordinates.end(); ++first) {
      const GiNaC::ex slope = formula.diff(*first);
      append(result.gradient, slope);
      for (auto second = first; second != coordinates.end(); ++second) append(result.hessian, slope.diff(*second));
    }
    return result;
  } catch (const std::exception&) {
    return std::nullopt;  // beyond the algebra system's language: the caller differentiates numerically
  }
}

}  // namespace wpg
