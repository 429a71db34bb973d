#include "validate_print.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "text.hpp"

namespace wpg {
namespace {

using Json = nlohmann::ordered_json;
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

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json checks_json(const Validation& v) {
  Json all = Json::array();
  for (const Check& c : v.checks) {
    all.push_back({{"name", c.name},
                   {"statement", c.statement},
                   {"step", c.step},
                   {"left", c.left},
                   {"right", c.right},
                   {"slack", c.slack},
                   {"error", c.error},
                   {"steps", c.steps},
                   {"holds", c.holds}});
  }
  return all;
}

Json orders_json(const Validation& v) {
  Json all = Json::array();
  for (const OrderTable& table : v.orders) {
    Json rows = Json::array();
    for (const OrderRow& row : table.rows) {
      rows.push_back({{"value", row.value}, {"error", row.error}, {"order", json_of(row.order)}});
    }
    all.push_back({{"parameter", table.parameter},
                   {"error", table.error},
                   {"expected", table.expected},
                   {"rows", rows},
                   {"note", table.note}});
  }
  return all;
}

}  // namespace

std::string validation_text(const Validation& v) {
  std::string text = v.name + ": " + v.comparison + "; the step where each check is tightest\n";
  text += checks_text(v) + contractions_text(v);
  for (const OrderTable& table : v.orders) text += orders_text(table);
  if (!v.holds()) return text + "\nVIOLATED: a check fails by more than the discretization error\n";
  const std::string skipped = v.skipped.empty() ? "" : ", " + std::to_string(v.skipped.size()) + " not made";
  return text + "\nall " + std::to_string(v.checks.size()) + " checks hold" + skipped + "\n";
}

std::string validation_json(const Validation& v) {
  Json json = {{"case", v.name}, {"comparison", v.comparison}, {"holds", v.holds()}, {"checks", checks_json(v)}};
  json["skipped"] = Json::array();
  for (const SkippedCheck& s : v.skipped) json["skipped"].push_back({{"name", s.name}, {"reason", s.reason}});
  json["contractions"] = Json::array();
  for (const Contraction& c : v.contractions) {
    json["contractions"].push_back({{"series", c.series},
                                    {"fitted", c.fitted},
                                    {"closed_form", json_of(c.closed_form)},
                                    {"bound", json_of(c.bound)},
                                    {"steps", {c.first, c.last}}});
  }
  json["orders"] = orders_json(v);
  return json.dump(2) + "\n";
}

}  // namespace wpg
