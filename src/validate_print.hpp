#pragma once
#include <string>

#include "wpg/validate.hpp"

namespace wpg {

/// What `wpg validate` prints, as tables and as one JSON object with the same content.
std::string validation_text(const Validation& validation);
std::string validation_json(const Validation& validation);

}  // namespace wpg
