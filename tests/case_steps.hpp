#pragma once
#include <string>

#include "wpg/factory.hpp"

namespace wpg::test {

/// A case from the text of a case file, ready to be stepped.
struct Case {
  explicit Case(const std::string& text) : Case(Config::parse(text, ".")) {}
  explicit Case(const Config& config) : problem(make_problem(config)), scheme(make_scheme(config, problem)) {}

  /// The density after some steps from the initial one.
  Field after(int steps) {
    Field rho = problem.initial;
    for (int n = 0; n < steps; ++n) scheme.step(rho);
    return rho;
  }

  Problem problem;
  Scheme scheme;
};

}  // namespace wpg::test
