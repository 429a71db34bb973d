#pragma once
#include <functional>
#include <string>

#include "wpg/recorder.hpp"

namespace wpg {

/// The expectation of f under the normalised density, recorded at every step. f is sampled once at the cell centres;
/// throws InvalidValue where it is not finite.
Diagnostic make_observable(const std::string& name, const std::string& description, const Grid& grid,
                           const std::function<double(const Point&)>& f);

}  // namespace wpg
