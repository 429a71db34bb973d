#include <algorithm>
#include <limits>

#include "factory_tables.hpp"
#include "wpg/csv.hpp"
#include "wpg/nonsmooth/box_constraint.hpp"
#include "wpg/nonsmooth/group_norm.hpp"
#include "wpg/nonsmooth/l1_norm.hpp"

namespace wpg {
namespace {

using MadeNonsmooth = std::shared_ptr<const Nonsmooth>;

MadeNonsmooth make_l1(const Config& config, const Grid& grid) {
  return std::make_shared<L1Norm>(per_axis(config, "nonsmooth.weight", grid.dimension()));
}

double end_named(const Config& config, const std::string& key, const std::string& word) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double number = 0.0;
  if (word == "inf") return infinity;
  if (word == "-inf") return -infinity;
  if (parse_number(word, number)) return number;
  config.reject(key, "numbers, inf or -inf ('" + word + "' is none of them)");
}

/// Ends of the box, which may be infinite: one per axis or one for all.
Point ends(const Config& config, const std::string& key, int dimension) {
  const std::vector<std::string> words = config.words(key);
  const auto count = static_cast<int>(words.size());
  if (count != 1 && count != dimension) config.reject(key, "one number per axis or one for all");
  Point result(dimension);
  for (int k = 0; k < dimension; ++k) {
    result[k] = end_named(config, key, words[static_cast<std::size_t>(count == 1 ? 0 : k)]);
  }
  return result;
}

MadeNonsmooth make_box_constraint(const Config& config, const Grid& grid) {
  if (!config.given("nonsmooth.lower") && !config.given("nonsmooth.upper")) {
    config.reject("nonsmooth.type", "another type, or one of nonsmooth.lower and nonsmooth.upper given");
  }
  return std::make_shared<BoxConstraint>(ends(config, "nonsmooth.lower", grid.dimension()),
                                         ends(config, "nonsmooth.upper", grid.dimension()));
}

std::vector<int> group_axes(const Config& config, int dimension) {
  const std::string letters = std::string("xyz").substr(0, static_cast<std::size_t>(dimension));
  std::vector<std::string> words;
  for (const char letter : letters) words.emplace_back(1, letter);
  if (config.has("nonsmooth.axes")) words = config.words("nonsmooth.axes");
  std::vector<int> axes;
  for (const std::string& word : words) {
    const std::size_t axis = word.size() == 1 ? letters.find(word) : std::string::npos;
    if (axis == std::string::npos) config.reject("nonsmooth.axes", "some of the grid's axes, out of " + letters);
    axes.push_back(static_cast<int>(axis));
  }
  std::sort(axes.begin(), axes.end());
  if (std::adjacent_find(axes.begin(), axes.end()) != axes.end()) {
    config.reject("nonsmooth.axes", "axes that are named once");
  }
  return axes;
}

MadeNonsmooth make_group(const Config& config, const Grid& grid) {
  return std::make_shared<GroupNorm>(config.positive("nonsmooth.weight"), group_axes(config, grid.dimension()));
}

}  // namespace

const std::vector<NonsmoothRow>& nonsmooth_rows() {
  static const std::vector<NonsmoothRow> rows = {
      {"none", "F = 0", {}, {}},
      {"l1", "weight |x|_1, minus the logarithm of a Laplace prior", {"weight"}, make_l1},
      {"box", "0 from lower to upper, infinite elsewhere: a constraint", {"lower", "upper"}, make_box_constraint},
      {"group", "weight |x|_2 over some of the axes", {"weight", "axes"}, make_group},
  };
  return rows;
}

std::shared_ptr<const Nonsmooth> make_nonsmooth(const Config& config, const Grid& grid) {
  const NonsmoothRow& row = chosen(nonsmooth_rows(), config, "nonsmooth.type");
  refuse_unused(config, "nonsmooth.type", row.keys);
  if (!row.make) return nullptr;
  for (const Axis& axis : grid.axes()) {
    if (axis.boundary == Boundary::periodic) config.reject("nonsmooth.type", "none on a grid with a periodic axis");
  }
  MadeNonsmooth F = in_words_of_case(config, "nonsmooth.type", [&] { return row.make(config, grid); });
  in_words_of_case(config, "nonsmooth.type", [&] { return nonsmooth_field(grid, *F); });
  return F;
}

}  // namespace wpg
