#include "hdf5_series.hpp"

#include <algorithm>
#include <cmath>

namespace wpg::hdf5 {
namespace {

constexpr hsize_t rows_per_chunk = 256;

void check_integer(const std::string& name, double value) {
  const bool fits = std::isnan(value) || (std::abs(value) < 2147483647.0 && value == std::floor(value));
  if (!fits) throw std::invalid_argument("diagnostic " + name + ": " + std::to_string(value) + " is no integer");
}

void describe_flags(hid_t dataset, const std::vector<std::string>& flags) {
  std::vector<std::int32_t> numbers;
  std::string meanings;
  for (const std::string& flag : flags) {
    meanings += (numbers.empty() ? "" : " ") + flag;
    numbers.push_back(static_cast<std::int32_t>(numbers.size()));
  }
  set_attribute(dataset, "flag_values", std::span<const std::int32_t>(numbers));
  set_attribute(dataset, "flag_meanings", meanings);
}

}  // namespace

SeriesGroup::SeriesGroup(hid_t file, const std::vector<Diagnostic>& diagnostics, const Grid& grid) : grid_(grid) {
  group_ = create_group(file, "diagnostics");
  time_ = create_growing_scale(group_, "time");
  set_attribute(time_, "long_name", "time after the step");
  set_attribute(time_, "standard_name", "time");
  set_attribute(time_, "units", "1");
  set_attribute(time_, "axis", "T");
  step_ = create_counter(group_, "step", {{}, true, {rows_per_chunk}});
  attach(step_, {time_});
  set_attribute(step_, "long_name", "number of the step");
  for (const Diagnostic& diagnostic : diagnostics) {
    series_.push_back(make_series(diagnostic));
    row_size_ += series_.back().size;
  }
}

SeriesGroup::Series SeriesGroup::make_series(const Diagnostic& diagnostic) {
  Layout layout{{}, true, {rows_per_chunk}};
  std::vector<hid_t> scales{time_};
  std::map<std::string, std::size_t> repetitions;
  for (const std::string& axis : diagnostic.axes) {
    scales.push_back(scale(axis, ++repetitions[axis]));
    layout.size.push_back(static_cast<hsize_t>(grid_.dimension()));
    layout.chunk.push_back(layout.size.back());
  }
  const bool integer = diagnostic.integer || !diagnostic.flags.empty();
  const Type type = !integer ? Type::f8 : diagnostic.flags.empty() ? Type::i8 : Type::i4;
  Series series{diagnostic.name, create_dataset(group_, diagnostic.name, type, layout), 1, integer};
  for (const hsize_t extent : layout.size) series.size *= extent;
  attach(series.dataset, scales);
  set_attribute(series.dataset, "long_name", diagnostic.description);
  if (type == Type::i4) describe_flags(series.dataset, diagnostic.flags);
  return series;
}

hid_t SeriesGroup::scale(const std::string& name, std::size_t repetition) {
  const std::string full = repetition == 1 ? name : name + std::to_string(repetition);
  const auto found = scales_.find(full);
  if (found != scales_.end()) return found->second;
  const std::vector<std::string> all{"x", "y", "z"};
  const std::vector<std::string> labels(all.begin(), all.begin() + grid_.dimension());
  Handle made = create_scale(group_, full, labels);
  set_attribute(made, "long_name", "coordinate");
  return scales_.emplace(full, std::move(made)).first->second;
}

void SeriesGroup::add(double time, std::span<const double> row) {
  if (row.size() != row_size_) {
    throw std::invalid_argument("a row of diagnostics has " + std::to_string(row.size()) + " numbers instead of " +
                                std::to_string(row_size_));
  }
  std::size_t at = 0;
  for (const Series& series : series_) {
    for (std::size_t k = 0; k < series.size; ++k, ++at) {
      if (series.integer) check_integer(series.name, row[at]);
    }
  }
  at = 0;
  for (Series& series : series_) {
    for (std::size_t k = 0; k < series.size; ++k, ++at) {
      series.rows.push_back(series.integer && std::isnan(row[at]) ? missing_integer : row[at]);
    }
  }
  times_.push_back(time);
}

void SeriesGroup::write_rows() {
  if (times_.empty()) return;
  const hsize_t rows = times_.size();
  std::vector<double> steps(rows);
  for (hsize_t k = 0; k < rows; ++k) steps[k] = static_cast<double>(committed_ + k);
  append(step_, committed_, rows, H5T_NATIVE_DOUBLE, steps.data());
  for (const Series& series : series_) {
    append(series.dataset, committed_, rows, H5T_NATIVE_DOUBLE, series.rows.data());
  }
}

void SeriesGroup::write_times() {
  if (times_.empty()) return;
  append(time_, committed_, times_.size(), H5T_NATIVE_DOUBLE, times_.data());
  committed_ += times_.size();
  times_.clear();
  for (Series& series : series_) series.rows.clear();
}

}  // namespace wpg::hdf5
