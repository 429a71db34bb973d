#include <filesystem>

#include "commands.hpp"
#include "hdf5_file.hpp"
#include "hdf5_make.hpp"
#include "hdf5_target.hpp"
#include "validate_record.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

using namespace hdf5;

/// Creates a dataset of doubles over some scales and writes it, the last scale fastest.
void put(hid_t parent, const std::string& name, const std::string& words, std::span<const double> values,
         const std::vector<hid_t>& scales, const std::vector<hsize_t>& size) {
  const Handle dataset = create_dataset(parent, name, Type::f8, {size});
  set_attribute(dataset, "long_name", words);
  check(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
        ("cannot write " + name).c_str());
  attach(dataset, scales);
}

std::vector<double> numbered(Index count) {
  std::vector<double> numbers;
  for (Index k = 0; k < count; ++k) numbers.push_back(static_cast<double>(k));
  return numbers;
}

/// The sums over all marginals, step by step.
void write_totals(hid_t file, hid_t step, const Recording& run, const Distances& distances) {
  const Handle group = create_group(file, "diagnostics");
  const auto series = [&](const std::string& name, const std::string& words, std::span<const double> values) {
    if (!values.empty()) put(group, name, words, values, {step}, {values.size()});
  };
  for (const auto& [name, values] : run.series) {
    series(name, "sum over the marginals of " + name,
           std::span(values.data(), static_cast<std::size_t>(values.size())));
  }
  series("w2_squared_closed_form", "squared Wasserstein distance of the scheme's exact law to the target",
         distances.closed_form);
  series("w2_squared_particles",
         "squared Wasserstein distance to the target of the Gaussians that fit the coordinates of " +
             std::to_string(distances.count) + " closed-form particles",
         distances.particles);
  series("w2_squared_bound", "sum over the marginals of (1 - gamma lambda)^n W2^2(mu_0)", distances.bound);
}

void write_marginals(hid_t file, hid_t step, const Marginals& parts) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Handle group = create_group(file, "marginals");
  const auto count = static_cast<hsize_t>(parts.copies.size());
  const std::vector<double> numbers = numbered(static_cast<Index>(count));
  const Handle marginal = create_scale(group, "marginal", numbers);
  const auto column = [&](const std::string& name, const std::string& words, const Eigen::VectorXd& values) {
    put(group, name, words, std::span(values.data(), count), {marginal}, {count});
  };
  Eigen::VectorXd copies(parts.kl.size());
  for (Index k = 0; k < copies.size(); ++k) {
    copies[k] = static_cast<double>(parts.copies[static_cast<std::size_t>(k)]);
  }
  column("copies", "how often the marginal occurs", copies);
  for (std::size_t c = 0; c < parts.columns.size(); ++c) {
    column(parts.columns[c], "what the marginal has for this key", parts.values.col(static_cast<Index>(c)));
  }
  column("kl", "Kullback-Leibler divergence from the target after the last step", parts.kl);
  const RowMajor w2 = parts.w2;
  put(group, "w2_squared", "squared Wasserstein distance to the target", std::span(w2.data(), w2.size()),
      {step, marginal}, {static_cast<hsize_t>(w2.rows()), count});
}

}  // namespace

void check_product_path(const Config& config) {
  const std::string path = config.text("output.file");
  std::error_code ignored;
  if (config.flag("output.overwrite") || !std::filesystem::exists(path, ignored)) return;
  throw IoError(path + ": exists already, and output.overwrite is false");
}

void write_product(const std::string& path, const Recording& run, const Distances& distances, const Config& config) {
  const Quiet quiet;
  TargetPath target(path);
  try {
    WrittenFile file(target.current(), sizeof(double));
    set_attribute(file, "title", run.plan.name);
    set_attribute(file, "source", version_text());
    set_attribute(file, "config", config.json());
    {
      const std::vector<double> numbers = numbered(run.plan.run.steps + 1);
      const Handle step = create_scale(file, "step", numbers);
      write_totals(file, step, run, distances);
      write_marginals(file, step, *run.parts);
    }
    file.close(target.current());
    target.commit();
  } catch (const Failure& failure) {
    target.discard();
    throw IoError(path + ": " + failure.what());
  }
}

}  // namespace wpg
