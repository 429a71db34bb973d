#pragma once
#include "wpg/config.hpp"
#include "wpg/energies/network.hpp"

namespace wpg {

/// What section [network] says that a network of such neurons is fitted to: the rows of network.data, or quadrature
/// nodes with the formula network.truth or with the output of the teacher of network.means.
Regression make_regression(const Config& config, const Grid& grid, const Neuron& neuron);

}  // namespace wpg
