#include "validate_print.hpp"

#include <cmath>

#include "text.hpp"

namespace wpg {
namespace {

std::string number(double value) { return shortest(value, 4); }

std::string maybe(const std::optional<double>& value) { return value ? number(*value) : "-"; }

std::string checks_text(const Validation& v) {
  std::vector<Cells> rows = {{"check", "step", "left", "right", "slack", "error", "verdict", "left <= right"}};
  for (const Check& c : v.checks) {
    const char* verdict = c.holds ? "holds" : "VIOLATED";
    rows.push_back({c.name, std::to_string(c.step), number(c.left), number(c.right), number(c.slack), number(c.error),
                    verdict, c.statement});
  }
  std::string text = aligned(rows);
  for (const SkippedCheck& s : v.skipped) text += "  " + s.name + ": not checked; " + s.reason + "\n";
  return text;
}

std::string contractions_text(const Validation& v) {
  if (v.contractions.empty()) return "";
  std::vector<Cells> rows = {{"contraction per step", "fitted", "closed form", "theory: at most", "steps"}};
  for (const Contraction& c : v.contractions) {
    const auto digits = [](const std::optional<double>& x) { return x ? shortest(*x, 6) : "-"; };
    rows.push_back({c.series, digits(c.fitted), digits(c.closed_form), digits(c.bound),
                    std::to_string(c.first) + " to " + std::to_string(c.last)});
  }
  return "\n" + aligned(rows);
}

std::string orders_text(const OrderTable& table) {
  std::vector<Cells> rows = {{table.parameter, "error", "order (expected " + table.expected + ")"}};
  for (const OrderRow& row : table.rows) rows.push_back({number(row.value), number(row.error), maybe(row.order)});
  const std::string note = table.note.empty() ? "" : "  (" + table.note + ")\n";
  return "\nError of " + table.error + "\n" + aligned(rows) + note;
}

/// Steps that a table shows: 0, 1, 2, 5, 10, ... and the last.
std::vector<std::size_t> shown_steps(std::size_t count) {
  std::vector<std::size_t> steps = {0};
  for (std::size_t decade = 1; decade < count; decade *= 10) {
    for (const std::size_t n : {decade, 2 * decade, 5 * decade}) {
      if (n < count) steps.push_back(n);
    }
  }
  if (steps.back() + 1 < count) steps.push_back(count - 1);
  return steps;
}

std::string distances_text(const Distances& d) {
  const std::vector<std::pair<std::string, const std::vector<double>*>> columns = {
      {"on the grid", &d.grid},
      {"closed form", &d.closed_form},
      {std::to_string(d.count) + " particles", &d.particles},
      {"bound", &d.bound}};
  std::vector<Cells> rows = {{"W2^2 to the target, step"}};
  const std::vector<std::size_t> steps = shown_steps(d.grid.size());
  for (const std::size_t n : steps) rows.push_back({std::to_string(n)});
  for (const auto& [head, values] : columns) {
    if (values->empty()) continue;
    rows[0].push_back(head);
    for (std::size_t k = 0; k < steps.size(); ++k) rows[k + 1].push_back(shortest((*values)[steps[k]], 6));
  }
  return "\n" + aligned(rows) + (d.particles_note.empty() ? "" : "  " + d.particles_note + "\n");
}

std::string references_text(const Validation& v) {
  if (v.references.empty()) return "";
  std::vector<Cells> rows = {{"distance to the Fokker-Planck reference", "largest", "at step", "at the end"}};
  for (const ReferenceDistance& r : v.references) {
    rows.push_back({r.series, number(r.largest), std::to_string(r.step), number(r.last)});
  }
  return "\n" + aligned(rows);
}

}  // namespace

std::string validation_text(const Validation& v) {
  std::string text = v.name + ": " + v.comparison + "; the step where each check is tightest\n";
  text += checks_text(v) + contractions_text(v);
  text += references_text(v);
  if (v.distances) text += distances_text(*v.distances);
  for (const OrderTable& table : v.orders) text += orders_text(table);
  if (!v.file.empty()) text += "\noutput  " + v.file + "\n";
  if (!v.holds()) return text + "\nVIOLATED: a check fails by more than the discretization error\n";
  const std::string skipped = v.skipped.empty() ? "" : ", " + std::to_string(v.skipped.size()) + " not made";
  return text + "\nall " + std::to_string(v.checks.size()) + " checks hold" + skipped + "\n";
}

}  // namespace wpg
