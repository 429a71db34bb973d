#include "factory_tables.hpp"
#include "wpg/energies/entropy.hpp"
#include "wpg/energies/interaction.hpp"
#include "wpg/energies/mmd.hpp"
#include "wpg/energies/network.hpp"
#include "wpg/energies/nonsmooth_energy.hpp"
#include "wpg/energies/potential_energy.hpp"

namespace wpg {
namespace {

double strength(const Config& config) { return config.number("energy.strength"); }

/// Length below which a singular kernel is rounded off; one cell unless the case says otherwise.
double core(const Config& config, const Grid& grid) {
  return config.has("energy.core") ? config.positive("energy.core") : grid.largest_spacing();
}

RadialKernel make_gaussian_kernel(const Config& config, const Grid&) {
  return gaussian_kernel(config.positive("energy.width"), strength(config));
}

RadialKernel make_multiquadric_kernel(const Config& config, const Grid&) {
  return inverse_multiquadric_kernel(config.positive("energy.width"), strength(config));
}

const std::vector<std::string> choices = {"type", "interaction", "mmd", "network"};

/// The kernel that `key` names, or nothing for "none".
std::optional<RadialKernel> make_kernel(const Config& config, const std::string& key,
                                        const std::vector<KernelRow>& rows, const Grid& grid) {
  const KernelRow& row = chosen(rows, config, key);
  refuse_unused(config, key, row.keys, choices);
  if (!row.make) return std::nullopt;
  return in_words_of_case(config, key, [&] { return row.make(config, grid); });
}

bool with_entropy(const Config& config) {
  const std::string type = config.text("energy.type");
  if (type != "entropy" && type != "none") config.reject("energy.type", "entropy or none");
  return type == "entropy";
}

/// The key of the term beyond entropy and potential, of which there is at most one: energy.interaction where none is
/// chosen.
std::string nonlocal_key(const Config& config) {
  std::string chosen_key;
  for (const std::string key : {"energy.interaction", "energy.mmd", "energy.network"}) {
    if (config.text(key) == "none") continue;
    if (!chosen_key.empty()) config.reject(key, "none where " + chosen_key + " is not");
    chosen_key = key;
  }
  return chosen_key.empty() ? "energy.interaction" : chosen_key;
}

/// The energy that this key names, null where it names none. A network is kept in problem.network too.
std::shared_ptr<const Energy> make_nonlocal(const Config& config, const std::string& key, Problem& problem) {
  if (key == "energy.network") {
    refuse_unused(config, key, {"strength"}, choices);
    problem.network = make_network(config, problem.grid);
    return problem.network;
  }
  refuse_network_keys(config);
  const bool discrepancy = key == "energy.mmd";
  if (discrepancy && !problem.target) config.reject(key, "none where V = 0 on a free axis: there is no target");
  const auto kernel = make_kernel(config, key, discrepancy ? mmd_rows() : interaction_rows(), problem.grid);
  if (!kernel) return nullptr;
  if (discrepancy) return std::make_shared<const Mmd>(*problem.target, *kernel);
  return std::make_shared<const Interaction>(problem.grid, *kernel);
}

}  // namespace

const std::vector<KernelRow>& interaction_rows() {
  static const std::vector<KernelRow> rows = {
      {"none", "no interaction", {}, {}},
      {"quadratic",
       "strength |x|^2/2: attraction to the mean",
       {"strength"},
       [](const Config& config, const Grid&) { return quadratic_kernel(strength(config)); }},
      {"gaussian",
       "strength exp(-|x|^2/(2 width^2)): repulsion of short range",
       {"strength", "width"},
       make_gaussian_kernel},
      {"power",
       "strength (|x|^2 + core^2)^(exponent/2)/exponent",
       {"strength", "exponent", "core"},
       [](const Config& config, const Grid& grid) {
         return power_kernel(config.number("energy.exponent"), core(config, grid), strength(config));
       }},
      {"logarithmic",
       "strength log(|x|^2 + core^2)/2: attraction, or repulsion of negative strength",
       {"strength", "core"},
       [](const Config& config, const Grid& grid) { return logarithmic_kernel(core(config, grid), strength(config)); }},
  };
  return rows;
}

const std::vector<KernelRow>& mmd_rows() {
  static const std::vector<KernelRow> rows = {
      {"none", "no discrepancy", {}, {}},
      {"gaussian", "kernel strength exp(-|x|^2/(2 width^2))", {"strength", "width"}, make_gaussian_kernel},
      {"inverse-multiquadric",
       "kernel strength (1 + |x|^2/width^2)^(-1/2)",
       {"strength", "width"},
       make_multiquadric_kernel},
  };
  return rows;
}

std::vector<std::shared_ptr<const Energy>> make_energies(const Config& config, Problem& problem) {
  const bool entropy = with_entropy(config);
  const std::string key = nonlocal_key(config);
  if (key == "energy.mmd" && problem.nonsmooth) config.reject(key, "none with a [nonsmooth] potential");
  const std::shared_ptr<const Energy> nonlocal = make_nonlocal(config, key, problem);
  if (entropy && !nonlocal) return {};
  std::vector<std::shared_ptr<const Energy>> energies;
  if (entropy) energies.push_back(std::make_shared<const Entropy>());
  if (problem.potential && key != "energy.mmd") {
    energies.push_back(std::make_shared<const PotentialEnergy>(problem.grid, *problem.potential));
  }
  if (nonlocal) energies.push_back(nonlocal);
  if (problem.nonsmooth) energies.push_back(std::make_shared<const NonsmoothEnergy>(problem.grid, *problem.nonsmooth));
  if (energies.empty()) {
    config.reject("energy.type", "entropy where there is neither potential, interaction, mmd nor network");
  }
  return energies;
}

}  // namespace wpg
