#include "validate_record.hpp"

#include <cmath>

#include "text.hpp"
#include "wpg/diagnostics/closed_form.hpp"

namespace wpg {
namespace {

class MemoryOutput final : public RunOutput {
 public:
  void write_snapshot(double, const Field&) override {}
  void append_diagnostics(double, std::span<const double> row) override { rows.emplace_back(row.begin(), row.end()); }
  std::vector<std::vector<double>> rows;
};

void keep_series(Recording& recording, const std::vector<std::vector<double>>& rows) {
  const int d = recording.plan.run.problem.grid.dimension();
  Index position = 0;
  for (const Diagnostic& diagnostic : recording.plan.run.diagnostics) {
    const Index size = diagnostic.size(d);
    Eigen::MatrixXd values(static_cast<Index>(rows.size()), size);
    for (Index n = 0; n < values.rows(); ++n) {
      for (Index k = 0; k < size; ++k) {
        values(n, k) = rows[static_cast<std::size_t>(n)][static_cast<std::size_t>(position + k)];
      }
    }
    recording.series[diagnostic.name] = std::move(values);
    position += size;
  }
}

/// Mass of a Gaussian beyond the ends of the box, at most: axis by axis, where an axis has ends.
double mass_beyond(const exact::Normal& law, const Grid& grid) {
  double sum = 0.0;
  for (int k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    if (axis.boundary == Boundary::periodic) continue;
    const double scale = std::sqrt(2.0 * law.covariance(k, k));
    sum += 0.5 * (std::erfc((law.mean[k] - axis.lower) / scale) + std::erfc((axis.upper - law.mean[k]) / scale));
  }
  return sum;
}

bool steps_were_divided(const Recording& recording) {
  // The first entry is missing: no step has been taken.
  return recording.has("substeps") && (recording["substeps"].array() > 1.0).any();
}

void add_exact(Recording& recording) {
  const RunPlan& plan = recording.plan.run;
  auto recursion = closed_form(plan.problem, plan.scheme);
  if (!recursion || steps_were_divided(recording)) return;
  for (Index n = 0; n <= plan.steps; ++n, recursion->advance()) recording.exact.push_back(recursion->law());
  recording.beyond.resize(plan.steps + 1);
  for (Index n = 0; n <= plan.steps; ++n) {
    recording.beyond[n] = mass_beyond(recording.exact[static_cast<std::size_t>(n)], plan.problem.grid);
  }
  if (!plan.problem.gaussian_target) return;
  const exact::Normal target = exact::normal(*plan.problem.gaussian_target);
  recording.exact_w2.resize(plan.steps + 1);
  recording.exact_kl.resize(plan.steps + 1);
  for (Index n = 0; n <= plan.steps; ++n) {
    const exact::Normal& law = recording.exact[static_cast<std::size_t>(n)];
    recording.exact_w2[n] = exact::w2_squared(law, target);
    recording.exact_kl[n] = exact::kullback_leibler(law, target);
  }
}

}  // namespace

Recording record(const LoadCase& load, const Overrides& overrides) {
  const Config config = load(overrides);
  if (config.has("product.columns") && !config.has("product.file")) {
    config.reject("product.columns", "left out where there is no product.file");
  }
  return config.has("product.file") ? record_product(load, overrides) : record_plan(plan_case(config));
}

Recording record_plan(CasePlan plan) {
  MemoryOutput output;
  run(plan.run, output);
  return make_recording(std::move(plan), output.rows);
}

Recording make_recording(CasePlan plan, const std::vector<std::vector<double>>& rows) {
  Recording recording{std::move(plan)};
  keep_series(recording, rows);
  recording.lambda = recording.plan.run.problem.curvature.lambda;
  add_exact(recording);
  return recording;
}

std::optional<Overrides> with_cells(const Config& config, Index multiply, Index divide) {
  std::string cells;
  for (const double count : config.numbers("grid.cells")) {
    const Index scaled = static_cast<Index>(std::lround(count)) * multiply;
    if (scaled % divide != 0 || scaled / divide < 4) return std::nullopt;
    cells += std::to_string(scaled / divide) + " ";
  }
  Overrides overrides = {{"grid.cells", cells}};
  for (const char* key : {"jko.epsilon", "diagnostics.w2-epsilon"}) {
    if (config.text(key) == "auto") continue;
    const double factor = static_cast<double>(divide) / static_cast<double>(multiply);
    overrides.emplace_back(key, shortest(config.number(key) * factor * factor, 17));
  }
  return overrides;
}

double moment_error(const Recording& run, const std::vector<exact::Normal>& laws, Index stride) {
  double worst = 0.0;
  const Eigen::MatrixXd& means = run.series.at("mean");
  const Eigen::MatrixXd& covariances = run.series.at("covariance");
  for (std::size_t n = 0; n < laws.size(); ++n) {
    const exact::Normal& law = laws[n];
    const Index row = static_cast<Index>(n) * stride;
    const Eigen::VectorXd exact = law.covariance.reshaped();
    worst = std::max(worst, (means.row(row).transpose() - law.mean).norm() / std::sqrt(law.covariance.trace()));
    worst = std::max(worst, (covariances.row(row).transpose() - exact).norm() / exact.norm());
  }
  return worst;
}

}  // namespace wpg
