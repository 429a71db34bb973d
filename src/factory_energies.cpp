#include "factory_tables.hpp"
#include "wpg/energies/entropy.hpp"
#include "wpg/energies/interaction.hpp"
#include "wpg/energies/mmd.hpp"
#include "wpg/energies/nonsmooth_energy.hpp"
#include "wpg/energies/potential_energy.hpp"

namespace wpg {
namespace {

double strength(const Config& config) { return config.number("energy.strength"); }

/// Length below which a singular kernel is rounded off; one cell unless the case says otherwise.
double core(const Config& config, const Grid& grid) {
  return config.has("energy.core") ? config.positive("energy.core") : grid.largest_spacing();
}

RadialKernel make_gaussian(const Config& config, const Grid&) {
  return gaussian_kernel(config.positive("energy.width"), strength(config));
}

RadialKernel make_multiquadric(const Config& config, const Grid&) {
  return inverse_multiquadric_kernel(config.positive("energy.width"), strength(config));
}

const std::vector<std::string> choices = {"type", "interaction", "mmd"};

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

}  // namespace

const std::vector<KernelRow>& interaction_rows() {
  static const std::vector<KernelRow> rows = {
      {"none", "no interaction", {}, {}},
      {"quadratic",
       "strength |x|^2/2: attraction to the mean",
       {"strength"},
       [](const Config& config, const Grid&) { return quadratic_kernel(strength(config)); }},
      {"gaussian", "strength exp(-|x|^2/(2 width^2)): repulsion of short range", {"strength", "width"}, make_gaussian},
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
      {"gaussian", "kernel strength exp(-|x|^2/(2 width^2))", {"strength", "width"}, make_gaussian},
      {"inverse-multiquadric", "kernel strength (1 + |x|^2/width^2)^(-1/2)", {"strength", "width"}, make_multiquadric},
  };
  return rows;
}

std::vector<std::shared_ptr<const Energy>> make_energies(const Config& config, const Problem& problem) {
  const bool entropy = with_entropy(config);
  const bool discrepancy = config.text("energy.mmd") != "none";
  const bool interacts = config.text("energy.interaction") != "none";
  if (discrepancy && interacts) config.reject("energy.mmd", "none where energy.interaction is not");
  if (discrepancy && !problem.target)
    config.reject("energy.mmd", "none where V = 0 on a free axis: there is no target");
  if (discrepancy && problem.nonsmooth) config.reject("energy.mmd", "none with a [nonsmooth] potential");
  const std::string key = discrepancy ? "energy.mmd" : "energy.interaction";
  const auto kernel = make_kernel(config, key, discrepancy ? mmd_rows() : interaction_rows(), problem.grid);
  if (entropy && !kernel) return {};

  std::vector<std::shared_ptr<const Energy>> energies;
  if (entropy) energies.push_back(std::make_shared<const Entropy>());
  if (problem.potential && !discrepancy) {
    energies.push_back(std::make_shared<const PotentialEnergy>(problem.grid, *problem.potential));
  }
  if (interacts) energies.push_back(std::make_shared<const Interaction>(problem.grid, *kernel));
  if (discrepancy) energies.push_back(std::make_shared<const Mmd>(*problem.target, *kernel));
  if (problem.nonsmooth) energies.push_back(std::make_shared<const NonsmoothEnergy>(problem.grid, *problem.nonsmooth));
  if (energies.empty()) config.reject("energy.type", "entropy where there is neither potential, interaction nor mmd");
  return energies;
}

}  // namespace wpg
