#include <cmath>
#include <nlohmann/json.hpp>

#include "validate_print.hpp"

namespace wpg {
namespace {

using Json = nlohmann::ordered_json;

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

/// W2^2 is not a number at steps where it was not measured.
Json series_json(const std::vector<double>& values) {
  if (values.empty()) return nullptr;
  Json all = Json::array();
  for (const double value : values) all.push_back(std::isfinite(value) ? Json(value) : Json(nullptr));
  return all;
}

Json distances_json(const Distances& d) {
  return {{"quantity", "squared W2 distance to the target, by step"},
          {"dimension", d.dimension},
          {"grid", series_json(d.grid)},
          {"closed_form", series_json(d.closed_form)},
          {"bound", series_json(d.bound)},
          {"particles", series_json(d.particles)},
          {"particle_count", d.count},
          {"particles_note", d.particles_note}};
}

Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json marginals_json(const Validation& v) {
  Json all = Json::array();
  for (const MarginalResult& m : v.marginals) {
    Json one = Json::object();
    for (const auto& [key, value] : m.keys) one[key] = value;
    one["copies"] = m.copies;
    one["w2_squared_first"] = finite(m.w2_first);
    one["w2_squared_last"] = finite(m.w2_last);
    one["kl_last"] = finite(m.kl_last);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

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
  json["references"] = Json::array();
  for (const ReferenceDistance& r : v.references) {
    json["references"].push_back(
        {{"series", r.series}, {"largest", r.largest}, {"step", r.step}, {"last", r.last}, {"last_step", r.last_step}});
  }
  json["orders"] = orders_json(v);
  json["distances"] = v.distances ? distances_json(*v.distances) : Json(nullptr);
  json["marginals"] = marginals_json(v);
  json["file"] = v.file.empty() ? Json(nullptr) : Json(v.file);
  return json.dump(2) + "\n";
}

}  // namespace wpg
