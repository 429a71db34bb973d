#pragma once
#include "commands.hpp"
#include "wpg/run.hpp"

namespace wpg {

/// Hooks of a run that stops for signals (under a SignalGuard), shows its progress as the command line asks, under a
/// name where there is one, and warns once of a JKO step short of its tolerance. The bar goes with the hooks.
RunHooks watch(const RunPlan& plan, const CommandLine& line, const Streams& streams, const std::string& name = "");

}  // namespace wpg
