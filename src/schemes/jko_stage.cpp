#include "wpg/schemes/jko_stage.hpp"

namespace wpg {

void JkoStage::apply(Field& rho, StepReport& report) {
  nu_.values.swap(rho.values);
  report.jko = solver_->solve(nu_, rho);
}

}  // namespace wpg
