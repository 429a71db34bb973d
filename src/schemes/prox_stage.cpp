#include "wpg/schemes/prox_stage.hpp"

namespace wpg {

void ProxStage::apply(Field& rho, StepReport& report) {
  const TransportReport moved = pushforward_.apply(rho);
  report.transport.clamped_mass += moved.clamped_mass;
  report.transport.limited_mass += moved.limited_mass;
}

}  // namespace wpg
