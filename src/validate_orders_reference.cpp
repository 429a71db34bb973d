#include <cmath>

#include "text.hpp"
#include "validate_orders.hpp"
#include "wpg/error.hpp"

namespace wpg {

void add_row(OrderTable& table, double value, double error) {
  OrderRow row{value, error, std::nullopt};
  if (!table.rows.empty() && error > 0.0) {
    const OrderRow& before = table.rows.back();
    row.order = std::log(before.error / error) / std::log(before.value / value);
  }
  table.rows.push_back(row);
}

std::vector<Member> smaller_steps(const Recording& base, int count) {
  std::vector<Member> sequence;
  for (int k = 0; k < count; ++k) {
    const Index factor = Index{1} << k;
    const double gamma = base.plan.gamma / static_cast<double>(factor);
    sequence.push_back(
        {gamma,
         {{"scheme.gamma", shortest(gamma, 17)}, {"scheme.steps", std::to_string(base.plan.run.steps * factor)}},
         factor});
  }
  return sequence;
}

const char* order_of(const Recording& base) { return base.plan.run.scheme.name == "strang" ? "2" : "1"; }

std::vector<OrderTable> orders_against_reference(const LoadCase& load, const Recording& base, int refine) {
  std::vector<OrderTable> tables;
  for (const auto& [series, words] : {std::pair("l1_reference", "L1 distance to the Fokker-Planck reference"),
                                      std::pair("w2_reference", "W2 to the Fokker-Planck reference")}) {
    const Index last = base.plan.run.steps;
    if (!base.has(series) || !std::isfinite(base[series][last])) continue;
    tables.push_back({"gamma", std::string(words) + " at the end", order_of(base), {}, ""});
    add_row(tables.back(), base.plan.gamma, base[series][last]);
  }
  if (tables.empty()) return tables;
  for (const Member& member : smaller_steps(base, refine + 1)) {
    if (member.stride == 1) continue;
    try {
      const Recording run = record(load, member.overrides);
      for (OrderTable& table : tables) {
        const char* series = table.error.starts_with("L1") ? "l1_reference" : "w2_reference";
        add_row(table, member.value, run[series][run.plan.run.steps]);
      }
    } catch (const UsageError& error) {
      for (OrderTable& table : tables) table.note = error.what();
      break;
    }
  }
  return tables;
}

}  // namespace wpg
