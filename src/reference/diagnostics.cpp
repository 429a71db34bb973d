#include <cmath>
#include <limits>

#include "wpg/diagnostics/wasserstein.hpp"
#include "wpg/reduce.hpp"
#include "wpg/reference/solution.hpp"

namespace wpg {
namespace {

double l2_distance(const Field& f, const Field& g) {
  const double sum = blockwise_sum(f.values.size(), [&](Index begin, Index end) {
    double part = 0.0;
    for (Index i = begin; i < end; ++i) part += (f.values[i] - g.values[i]) * (f.values[i] - g.values[i]);
    return part;
  });
  return std::sqrt(sum * f.grid.cell_volume());
}

Diagnostic scalar(const std::string& name, const std::string& description, std::function<double(const StepView&)> value,
                  bool integer = false) {
  return {name, description,
          {},   integer,
          {},   [value = std::move(value)](const StepView& view, std::span<double> out) {
            out[0] = value(view); }};
}

}  // namespace

std::vector<Diagnostic> reference_diagnostics(const std::shared_ptr<ReferenceSolution>& solution, const Grid& grid,
                                              const DiagnosticOptions& options) {
  const auto distance = [&](double (*of)(const Field&, const Field&)) {
    return [solution, of](const StepView& view) { return of(view.rho, solution->at(view.time)); };
  };
  std::vector<Diagnostic> all = {
      scalar("l1_reference", "L1 distance to the reference", distance(l1_distance)),
      scalar("l2_reference", "L2 distance to the reference", distance(l2_distance)),
      scalar("kl_reference", "Kullback-Leibler divergence from the reference", distance(kullback_leibler))};
  const PairDistance w2(grid, options);
  if (w2.available()) {
    all.push_back(scalar("w2_reference", "Wasserstein distance (not squared) to the reference, by " + w2.method(),
                         [solution, w2](const StepView& view) {
                           const Field& reference = solution->at(view.time);
                           return w2.due(view.step) ? w2(view.rho, reference)
                                                    : std::numeric_limits<double>::quiet_NaN();
                         }));
  }
  all.push_back(scalar(
      "reference_first_order_lines", "lines of the reference that took a positive step of first order",
      [solution](const StepView& view) {
        solution->at(view.time);
        return static_cast<double>(solution->first_order_lines());
      },
      true));
  return all;
}

}  // namespace wpg
