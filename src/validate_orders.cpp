#include <cmath>

#include "text.hpp"
#include "validate_orders.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

/// Largest difference of the energies of two runs at the first run's steps, relative to the range of the energy.
double energy_difference(const Recording& a, Index a_stride, const Recording& b, Index b_stride) {
  const Eigen::VectorXd one = a["energy"], two = b["energy"];
  const Index count = std::min((one.size() - 1) / a_stride, (two.size() - 1) / b_stride) + 1;
  double worst = 0.0;
  for (Index n = 0; n < count; ++n) worst = std::max(worst, std::abs(one[n * a_stride] - two[n * b_stride]));
  return worst / (one.maxCoeff() - one.minCoeff());
}

/// Runs a sequence and compares with `laws` where there are any, else each run with the next.
void fill(OrderTable& table, const LoadCase& load, const std::vector<Member>& sequence,
          const std::vector<exact::Normal>& laws) {
  std::optional<Recording> before;
  for (std::size_t k = 0; k < sequence.size(); ++k) {
    std::optional<Recording> now;
    try {
      now = record(load, sequence[k].overrides);
    } catch (const UsageError& error) {
      table.note = error.what();
      return;
    }
    if (!laws.empty()) {
      add_row(table, sequence[k].value, moment_error(*now, laws, sequence[k].stride));
    } else if (before) {
      add_row(table, sequence[k - 1].value,
              energy_difference(*before, sequence[k - 1].stride, *now, sequence[k].stride));
    }
    before = std::move(now);
  }
}

/// One run more where runs are compared with each other.
int runs(const std::vector<exact::Normal>& laws, int refine) { return refine + (laws.empty() ? 2 : 1); }

const char* compared(const std::vector<exact::Normal>& laws, const char* with) {
  return laws.empty() ? "energy, each run with the next, relative to its range" : with;
}

OrderTable order_in_h(const LoadCase& load, const Recording& base, int refine) {
  const bool jko = base.has("jko_gap");
  OrderTable table{jko ? "h (epsilon = h^2)" : "h",
                   compared(base.exact, "mean and covariance against the closed form"),
                   jko ? "4" : "at least 4",
                   {},
                   ""};
  const Config config = load({});
  std::vector<Member> sequence;
  for (int k = 0; k < runs(base.exact, refine); ++k) {
    const Index factor = Index{1} << k;
    sequence.push_back({base.spacing() / static_cast<double>(factor), *with_cells(config, factor, 1)});
  }
  fill(table, load, sequence, base.exact);
  return table;
}

/// The flow itself at the times of the base run; empty where it is not known.
std::vector<exact::Normal> flow_of(const Recording& base) {
  const RunPlan& plan = base.plan.run;
  if (base.marginals > 1 || !plan.problem.gaussian_initial || !plan.problem.gaussian_target) return {};
  exact::GaussianRecursion flow("fokker-planck", exact::normal(*plan.problem.gaussian_initial),
                                exact::potential_of(exact::normal(*plan.problem.gaussian_target)),
                                {plan.scheme.time_step});
  std::vector<exact::Normal> laws;
  for (Index n = 0; n <= plan.steps; ++n, flow.advance()) laws.push_back(flow.law());
  return laws;
}

OrderTable order_in_gamma(const LoadCase& load, const Recording& base, int refine) {
  const std::vector<exact::Normal> laws = flow_of(base);
  OrderTable table{"gamma",
                   compared(laws, "mean and covariance against Ornstein-Uhlenbeck at the same times"),
                   order_of(base),
                   {},
                   ""};
  fill(table, load, smaller_steps(base, runs(laws, refine)), laws);
  return table;
}

/// From large to small; the least is that of the case, since the grid allows little less.
OrderTable order_in_epsilon(const LoadCase& load, const Recording& base, int refine) {
  OrderTable table{
      "epsilon (h fixed)", compared(base.exact, "mean and covariance against the closed form"), "2", {}, ""};
  std::vector<Member> sequence;
  for (int k = runs(base.exact, refine) - 1; k >= 0; --k) {
    const double epsilon = base.plan.epsilon * static_cast<double>(Index{1} << k);
    if (epsilon <= 2.0 * base.plan.gamma) sequence.push_back({epsilon, {{"jko.epsilon", shortest(epsilon, 17)}}});
  }
  if (sequence.size() < 2) table.note = "epsilon can hardly be larger than it is, for 2 gamma is its limit";
  fill(table, load, sequence, base.exact);
  return table;
}

}  // namespace

std::vector<OrderTable> order_tables(const LoadCase& load, const Recording& base, int refine) {
  std::vector<OrderTable> tables = {order_in_h(load, base, refine), order_in_gamma(load, base, refine)};
  for (OrderTable& table : orders_against_reference(load, base, refine)) tables.push_back(std::move(table));
  if (base.has("jko_gap")) tables.push_back(order_in_epsilon(load, base, refine));
  return tables;
}

}  // namespace wpg
