#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wpg/config.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/radial_kernel.hpp"

/// The tables of what can be named in a case. A new thing is one row of its table, with the names of the keys it reads.
namespace wpg {

struct PotentialRow {
  std::string name;
  std::string description;
  std::vector<std::string> keys;  ///< of section [potential]
  std::function<std::shared_ptr<const Potential>(const Config&, const Grid&)> make;
  /// The target in closed form, for potentials that have a Gaussian one.
  std::function<Gaussian(const Config&, const Grid&)> gaussian;
};

/// A nonsmooth part F of the potential; `make` is empty for "none".
struct NonsmoothRow {
  std::string name;
  std::string description;
  std::vector<std::string> keys;  ///< of section [nonsmooth]
  std::function<std::shared_ptr<const Nonsmooth>(const Config&, const Grid&)> make;
};

struct InitialRow {
  std::string name;
  std::string description;
  std::vector<std::string> keys;  ///< of section [initial]
  std::function<Field(const Config&, const Grid&)> make;
  std::function<Gaussian(const Config&, const Grid&)> gaussian;
};

struct SchemeRow {
  std::string name;
  std::string description;
  std::vector<std::string> keys;  ///< of section [scheme] beyond those that all schemes share
  std::function<Scheme(const Config&, const Problem&)> make;
  bool any_energy = false;  ///< whether it takes more than the entropy and a potential
  bool nonsmooth = false;   ///< whether it takes a nonsmooth part of the potential
};

/// A kernel of section [energy]; `make` is empty for "none".
struct KernelRow {
  std::string name;
  std::string description;
  std::vector<std::string> keys;  ///< of section [energy]
  std::function<RadialKernel(const Config&, const Grid&)> make;
};

/// An activation function of the infinitely wide network; empty for "none".
struct ActivationRow {
  std::string name;
  std::string description;
  std::function<double(double)> activation;
};

const std::vector<PotentialRow>& potential_rows();
const std::vector<NonsmoothRow>& nonsmooth_rows();
const std::vector<InitialRow>& initial_rows();
const std::vector<SchemeRow>& scheme_rows();
const std::vector<KernelRow>& interaction_rows();
const std::vector<KernelRow>& mmd_rows();
const std::vector<ActivationRow>& activation_rows();

/// What section [nonsmooth] names; null for none.
std::shared_ptr<const Nonsmooth> make_nonsmooth(const Config& config, const Grid& grid);

/// The terms of the free energy that section [energy] names, on the problem's grid; empty for the default, the entropy
/// and the potentials. Where there is an entropy it comes first, where there is a nonsmooth energy it comes last. A
/// network is kept in problem.network too.
std::vector<std::shared_ptr<const Energy>> make_energies(const Config& config, Problem& problem);

/// The network that energy.network and section [network] name.
std::shared_ptr<const Network> make_network(const Config& config, const Grid& grid);
/// UsageError if the user wrote a key of section [network].
void refuse_network_keys(const Config& config);

/// The kernel of scheme.name = svgd; needs a target.
RadialKernel make_stein_kernel(const Config& config, const Problem& problem);

/// One number per axis, or one for all.
Point per_axis(const Config& config, const std::string& key, int dimension);
/// A matrix row by row, or one number for a multiple of the identity.
Tensor matrix_or_multiple(const Config& config, const std::string& key, int dimension);
/// The keys weights, means and covariances of a section.
struct MixtureKeys {
  std::vector<double> weights;
  std::vector<Gaussian> components;
};
MixtureKeys read_mixture(const Config& config, const std::string& section, int dimension);

/// The row that `key` names; UsageError listing the names otherwise.
template <class Row>
const Row& chosen(const std::vector<Row>& rows, const Config& config, const std::string& key) {
  const std::string name = config.text(key);
  std::string names;
  for (const Row& row : rows) {
    if (row.name == name) return row;
    names += (names.empty() ? "" : ", ") + row.name;
  }
  config.reject(key, names.empty() ? "a name, but there is none yet" : "one of " + names);
}

/// The keys of the section of `type` (the key of a choice) that the user wrote and the choice does not read.
std::vector<std::string> unused_keys(const Config& config, const std::string& type,
                                     const std::vector<std::string>& used, const std::vector<std::string>& shared);

/// UsageError if the user wrote a key of the section that the choice does not read. `type` is the key of the choice.
void refuse_unused(const Config& config, const std::string& type, const std::vector<std::string>& used,
                   const std::vector<std::string>& shared = {});

/// "section.parameter = value: must be ..." for a parameter of the section of `type` (the key of the choice).
std::string put_into_words(const Config& config, const std::string& type, const InvalidValue& error);

/// Calls `make` and puts an InvalidValue that it throws into the words of the case file.
template <class Make>
auto in_words_of_case(const Config& config, const std::string& type, Make&& make) {
  try {
    return make();
  } catch (const InvalidValue& error) {
    throw UsageError(put_into_words(config, type, error));
  }
}

}  // namespace wpg
