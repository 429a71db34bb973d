#include "wpg/schemes/pushforward_stage.hpp"

namespace wpg {

void PushforwardStage::apply(Field& rho, StepReport& report) {
  const TransportReport moved = pushforward_.apply(rho, rho);
  report.transport.clamped_mass += moved.clamped_mass;
  report.transport.limited_mass += moved.limited_mass;
}

}  // namespace wpg
