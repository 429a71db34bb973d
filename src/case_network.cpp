#include "case_network.hpp"

namespace wpg {

RecordedCurve network_curve(const Network& network) {
  const Regression& data = network.data();
  RecordedCurve curve{"network", "fit", "output of the network at the points", data.y.size()};
  for (Index k = 0; k < data.x.rows(); ++k) {
    const std::string name = data.x.rows() == 1 ? "x" : "x" + std::to_string(k + 1);
    curve.columns.push_back({name, "input of the network", data.x.row(k).transpose().array()});
  }
  curve.columns.push_back({"truth", "what the network is fitted to", data.y});
  curve.columns.push_back({"weight", "weight of the point in the loss, of sum one", data.weight});
  return curve;
}

}  // namespace wpg
