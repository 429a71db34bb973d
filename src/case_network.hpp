#pragma once
#include "wpg/energies/network.hpp"
#include "wpg/run_file.hpp"

namespace wpg {

/// How the output of a network is recorded: /network/fit beside the inputs, the truth and the points' weights.
RecordedCurve network_curve(const Network& network);

}  // namespace wpg
