#include "wpg/factory.hpp"

#include <algorithm>
#include <cmath>

#include "factory_tables.hpp"
#include "wpg/initial.hpp"

namespace wpg {
namespace {

Boundary boundary_named(const Config& config, const std::string& word) {
  if (word == "reflecting") return Boundary::reflecting;
  if (word == "periodic") return Boundary::periodic;
  if (word == "free") return Boundary::free;
  config.reject("grid.boundary", "reflecting, periodic or free, one per axis or one for all");
}

std::vector<Boundary> boundaries(const Config& config, std::size_t dimension) {
  const std::vector<std::string> words = config.words("grid.boundary");
  std::vector<Boundary> result;
  result.reserve(std::max(words.size(), dimension));
  for (const std::string& word : words) result.push_back(boundary_named(config, word));
  if (result.size() == 1) result.resize(dimension, result.front());
  if (result.size() != dimension) config.reject("grid.boundary", "one word per axis or one for all");
  return result;
}

std::vector<Index> cell_counts(const Config& config) {
  std::vector<Index> counts;
  for (const double n : config.numbers("grid.cells")) {
    if (!(n >= 4.0 && n <= 1e9) || n != std::floor(n)) config.reject("grid.cells", "whole numbers from 4 to 1e9");
    counts.push_back(static_cast<Index>(n));
  }
  if (counts.empty() || counts.size() > 3) config.reject("grid.cells", "one number per axis, for 1 to 3 axes");
  return counts;
}

bool has_free_axis(const Grid& grid) {
  return std::any_of(grid.axes().begin(), grid.axes().end(),
                     [](const Axis& axis) { return axis.boundary == Boundary::free; });
}

std::optional<Field> make_target(const Potential* potential, const Grid& grid) {
  if (potential != nullptr) return gibbs_density(*potential, grid);
  if (has_free_axis(grid)) return std::nullopt;
  return Field(grid, Values::Constant(grid.size(), 1.0 / (grid.cell_volume() * static_cast<double>(grid.size()))));
}

template <class Row>
std::vector<Entry> entries(const std::vector<Row>& rows) {
  std::vector<Entry> result;
  for (const Row& row : rows) result.push_back({row.name, row.description});
  return result;
}

const std::vector<std::string> shared_scheme_keys = {"gamma", "steps"};

/// What `wpg list` shows, kind by kind: a new kind is one row.
const std::vector<std::pair<std::string, std::function<std::vector<Entry>()>>>& kinds() {
  static const std::vector<std::pair<std::string, std::function<std::vector<Entry>()>>> table = {
      {"schemes", [] { return entries(scheme_rows()); }},
      {"potentials", [] { return entries(potential_rows()); }},
      {"nonsmooth", [] { return entries(nonsmooth_rows()); }},
      {"initials", [] { return entries(initial_rows()); }},
      {"interactions", [] { return entries(interaction_rows()); }},
      {"mmd", [] { return entries(mmd_rows()); }},
      {"networks", [] { return entries(activation_rows()); }},
  };
  return table;
}

}  // namespace

Grid make_grid(const Config& config) {
  const std::vector<Index> cells = cell_counts(config);
  const int dimension = static_cast<int>(cells.size());
  const Point lower = per_axis(config, "grid.lower", dimension);
  const Point upper = per_axis(config, "grid.upper", dimension);
  const std::vector<Boundary> ends = boundaries(config, cells.size());
  std::vector<Axis> axes;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const auto axis = static_cast<Index>(k);
    if (!(lower[axis] < upper[axis])) config.reject("grid.upper", "above grid.lower = " + config.text("grid.lower"));
    axes.push_back({cells[k], lower[axis], upper[axis], ends[k]});
  }
  return Grid(std::move(axes));
}

Problem make_problem(const Config& config) {
  const Grid grid = make_grid(config);
  const PotentialRow& potential_row = chosen(potential_rows(), config, "potential.type");
  const InitialRow& initial_row = chosen(initial_rows(), config, "initial.type");
  refuse_unused(config, "potential.type", potential_row.keys);
  refuse_unused(config, "initial.type", initial_row.keys);

  Problem problem{grid, nullptr, {}, Field(grid), {}, {}, {}};
  in_words_of_case(config, "potential.type", [&] {
    problem.potential = potential_row.make(config, grid);
    if (problem.potential) problem.curvature = measure_curvature(*problem.potential, grid);
    problem.target = make_target(problem.potential.get(), grid);
    if (potential_row.gaussian) problem.gaussian_target = potential_row.gaussian(config, grid);
  });
  problem.nonsmooth = make_nonsmooth(config, grid);
  if (problem.nonsmooth) {
    if (problem.target) problem.target = gibbs_density(problem.potential.get(), *problem.nonsmooth, grid);
    problem.gaussian_target.reset();
  }
  in_words_of_case(config, "initial.type", [&] {
    problem.initial = initial_row.make(config, grid);
    problem.initial_factor = normalise(problem.initial);
    if (initial_row.gaussian) problem.gaussian_initial = initial_row.gaussian(config, grid);
  });
  in_words_of_case(config, "energy.type", [&] { problem.energies = make_energies(config, problem); });
  if (!problem.energies.empty() && config.text("energy.mmd") == "none") {
    // exp(-V)/Z is not what such an energy leads to.
    problem.target.reset();
    problem.gaussian_target.reset();
  }
  return problem;
}

std::vector<std::string> unused_scheme_keys(const Config& config) {
  const SchemeRow& row = chosen(scheme_rows(), config, "scheme.name");
  return unused_keys(config, "scheme.name", row.keys, shared_scheme_keys);
}

Scheme make_scheme(const Config& config, const Problem& problem) {
  const SchemeRow& row = chosen(scheme_rows(), config, "scheme.name");
  refuse_unused(config, "scheme.name", row.keys, shared_scheme_keys);
  if (!problem.energies.empty() && !row.any_energy) {
    config.reject("scheme.name", "forward or forward-backward for the energy of this case");
  }
  if (problem.nonsmooth && !row.nonsmooth) {
    config.reject("scheme.name", "forward-backward or backward for the [nonsmooth] potential of this case");
  }
  return in_words_of_case(config, "scheme.name", [&] { return row.make(config, problem); });
}

std::vector<std::string> registry_kinds() {
  std::vector<std::string> names;
  for (const auto& [name, rows] : kinds()) names.push_back(name);
  return names;
}

std::vector<Entry> registry(const std::string& kind) {
  std::string names;
  for (const auto& [name, rows] : kinds()) {
    if (name == kind) return rows();
    names += (names.empty() ? "" : ", ") + name;
  }
  throw UsageError("there is no kind '" + kind + "' to list; there are " + names);
}

}  // namespace wpg
