#include "wpg/info.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <utility>
#include <vector>

namespace wpg {
namespace {

const char* word(Boundary boundary) {
  if (boundary == Boundary::periodic) return "periodic";
  return boundary == Boundary::free ? "free" : "reflecting";
}

/// "3.14", or "(1, 2)", or "((1, 0), (0, 1))"; names for an enumeration.
std::string print(const RunFileReader::Series& series, std::span<const double> row, std::size_t axis = 0) {
  if (axis < series.shape.size()) {
    const std::size_t part = row.size() / static_cast<std::size_t>(series.shape[axis]);
    std::string text;
    for (std::size_t at = 0; at < row.size(); at += part) {
      text += (at == 0 ? "(" : ", ") + print(series, row.subspan(at, part), axis + 1);
    }
    return text + ")";
  }
  if (std::isnan(row[0]) && series.integer) return "-";
  std::ostringstream text;
  text.precision(series.integer ? 15 : 6);
  text << row[0];
  return text.str();
}

/// How often each name of an enumeration occurs.
std::string counts(const RunFileReader::Series& series, const std::vector<double>& values) {
  std::string text;
  for (std::size_t flag = 0; flag < series.flags.size(); ++flag) {
    const auto times = std::count(values.begin(), values.end(), static_cast<double>(flag));
    if (times > 0) text += (text.empty() ? "" : ", ") + series.flags[flag] + " " + std::to_string(times) + " times";
  }
  return text.empty() ? "-" : text;
}

void describe_grid(std::ostream& out, const Grid& grid) {
  out << "grid       ";
  for (int k = 0; k < grid.dimension(); ++k) {
    const Axis& axis = grid.axis(k);
    out << (k == 0 ? "" : "\n           ") << "xyz"[k] << ": " << axis.cells << " cells on [" << axis.lower << ", "
        << axis.upper << "], " << word(axis.boundary);
  }
  out << "\n";
}

void describe_range(std::ostream& out, const std::vector<double>& times) {
  out << times.size();
  if (times.size() == 1) out << ", at time " << times.front();
  if (times.size() > 1) out << ", time " << times.front() << " to " << times.back();
  out << "\n";
}

void describe_series(std::ostream& out, const RunFileReader& file) {
  out << "steps      ";
  describe_range(out, file.series_times());
  const std::vector<RunFileReader::Series> all = file.series();
  std::size_t width = 0;
  for (const RunFileReader::Series& series : all) width = std::max(width, series.name.size());
  if (!all.empty()) out << "\ndiagnostics, first and last value\n";
  for (const RunFileReader::Series& series : all) {
    const std::vector<double> values = file.values(series.name);
    out << "  " << series.name << std::string(width + 2 - series.name.size(), ' ');
    if (!series.flags.empty() || values.empty()) {
      out << counts(series, values) << "\n";
      continue;
    }
    std::size_t row = 1;
    for (const Index extent : series.shape) row *= static_cast<std::size_t>(extent);
    const std::span<const double> span(values);
    out << print(series, span.first(row)) << "  " << print(series, span.last(row)) << "\n";
  }
}

void describe_case(std::ostream& out, const std::string& config) {
  const nlohmann::json json = nlohmann::json::parse(config, nullptr, false);
  out << "\ncase\n";
  if (!json.is_object()) {
    out << config << "\n";
    return;
  }
  for (const auto& [section, keys] : json.items()) {
    out << "  [" << section << "]\n";
    for (const auto& [key, value] : keys.items()) {
      out << "  " << key << " = " << (value.is_string() ? value.get<std::string>() : value.dump()) << "\n";
    }
  }
}

}  // namespace

std::string describe(const RunFileReader& file) {
  std::ostringstream out;
  out << "title      " << file.attribute("title") << "\nsource     " << file.attribute("source") << "\n";
  describe_grid(out, file.grid());
  out << "snapshots  ";
  describe_range(out, file.times());
  out << "fields     ";
  const char* separator = "";
  for (const std::string& field : file.fields()) out << std::exchange(separator, ", ") << field;
  if (file.target()) out << ", target";
  if (file.potential()) out << ", potential";
  for (const std::string& curve : file.curves()) out << std::exchange(separator, ", ") << curve;
  out << "\n";
  if (const auto particles = file.recorded_particles()) {
    out << "particles  " << particles->number << " of " << particles->scheme << ", seed " << particles->seed << ": "
        << particles->method << "\n";
  }
  describe_series(out, file);
  const std::string config = file.attribute("config");
  if (!config.empty()) describe_case(out, config);
  return out.str();
}

}  // namespace wpg
