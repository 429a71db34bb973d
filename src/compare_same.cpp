#include "compare_same.hpp"

#include <functional>
#include <optional>

#include "summary.hpp"
#include "text.hpp"
#include "wpg/error.hpp"
#include "wpg/reduce.hpp"

namespace wpg {
namespace {

/// Densities of mass one that come from different formulas differ by their rounding.
constexpr double rounding = 1e-12;

[[noreturn]] void refuse(const Config& a, const Config& b, const std::string& key, const std::string& value,
                         const std::string& other, const std::string& why) {
  const std::string here = a.name() == b.name() ? "the first case" : a.name();
  throw UsageError("the cases differ in " + key + ": " + value + " in " + here + ", " + other + " in " +
                   (a.name() == b.name() ? "another" : b.name()) + "; " + why);
}

std::string value_of(const Config& config, const std::string& key) {
  return config.has(key) ? config.text(key) : "nothing";
}

/// The first key of some sections with different texts, or that names files in different places.
std::optional<std::string> differing_key(const Config& a, const Config& b, const std::vector<std::string>& sections) {
  for (const std::string& section : sections) {
    for (const Option& option : options()) {
      const bool here = option.key.starts_with(section + ".");
      if (here && value_of(a, option.key) != value_of(b, option.key)) return option.key;
    }
  }
  for (const std::string key : {"potential.data", "initial.file"}) {
    const bool here = key.starts_with(sections.front() + ".");
    if (here && a.has(key) && a.path(key) != b.path(key)) return key;
  }
  return std::nullopt;
}

void refuse_sections(const Config& a, const Config& b, const std::vector<std::string>& sections,
                     const std::string& why) {
  const std::string key = differing_key(a, b, sections).value_or(sections.front() + ".type");
  const bool place = a.has(key) && value_of(a, key) == value_of(b, key) && !key.ends_with(".type");
  refuse(a, b, key, place ? a.path(key) : value_of(a, key), place ? b.path(key) : value_of(b, key), why);
}

/// One value per axis, in words.
std::string per_axis(const Grid& grid, const std::function<std::string(const Axis&)>& word) {
  std::vector<std::string> words;
  for (const Axis& axis : grid.axes()) words.push_back(word(axis));
  return joined(words, " ");
}

void require_same_grid(const Config& a, const Grid& first, const Config& b, const Grid& second) {
  if (first == second) return;
  const auto number = [](double x) { return shortest(x, 17); };
  const std::vector<std::pair<std::string, std::function<std::string(const Axis&)>>> keys = {
      {"grid.cells", [](const Axis& axis) { return std::to_string(axis.cells); }},
      {"grid.lower", [&](const Axis& axis) { return number(axis.lower); }},
      {"grid.upper", [&](const Axis& axis) { return number(axis.upper); }},
      {"grid.boundary", [](const Axis& axis) { return boundary_name(axis.boundary); }},
  };
  for (const auto& [key, word] : keys) {
    const std::string here = per_axis(first, word), there = per_axis(second, word);
    if (here != there) refuse(a, b, key, here, there, "they are compared on one grid");
  }
}

/// For flows without a target: they have nothing but their energy in common.
void require_same_energy(const Config& a, const Config& b) {
  const std::vector<std::string> sections = {"energy", "potential"};
  if (differing_key(a, b, sections))
    refuse_sections(a, b, sections, "without a target they are compared by one energy");
}

bool same(const Field& one, const Field& other) { return l1_distance(one, other) <= rounding; }

}  // namespace

void require_same(const Config& a, const Problem& first, const Config& b, const Problem& second) {
  require_same_grid(a, first.grid, b, second.grid);
  if (!same(first.initial, second.initial)) {
    refuse_sections(a, b, {"initial"}, "they are compared from one initial density");
  }
  if (!first.target && !second.target) return require_same_energy(a, b);
  const bool both = first.target && second.target;
  if (!both || !same(*first.target, *second.target)) {
    refuse_sections(a, b,
                    both ? std::vector<std::string>{"potential"} : std::vector<std::string>{"energy", "potential"},
                    "they are compared on the way to one target");
  }
}

bool same_text(const Config& a, const Config& b, const std::string& key) {
  return value_of(a, key) == value_of(b, key);
}

void require_same_text(const Config& a, const Config& b, const std::vector<std::string>& keys, const std::string& why) {
  for (const std::string& key : keys) {
    if (!same_text(a, b, key)) refuse(a, b, key, value_of(a, key), value_of(b, key), why);
  }
}

}  // namespace wpg
