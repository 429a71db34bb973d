#include "wpg/schemes/pushforward_stage.hpp"

namespace wpg {

void PushforwardStage::apply(Field& rho, StepReport& report) { report.transport = pushforward_.apply(rho, rho); }

}  // namespace wpg
