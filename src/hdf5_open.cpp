#include "hdf5_open.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "hdf5_make.hpp"
#include "wpg/error.hpp"

namespace wpg::hdf5 {
namespace {

const char* const letters[] = {"x", "y", "z"};

Axis read_axis(hid_t file, const char* letter) {
  const Handle scale = open_dataset(file, letter);
  const std::optional<double> lower = number_attribute(scale, "lower");
  const std::optional<double> upper = number_attribute(scale, "upper");
  const std::string boundary = text_attribute(scale, "boundary");
  if (!lower || !upper || boundary.empty()) throw Failure(std::string("the axis ") + letter + " is not described");
  const Boundary kind = boundary == "periodic" ? Boundary::periodic
                        : boundary == "free"   ? Boundary::free
                                               : Boundary::reflecting;
  return {static_cast<Index>(extent(scale).at(0)), *lower, *upper, kind};
}

}  // namespace

Grid read_grid(hid_t file) {
  std::vector<Axis> axes;
  for (const char* letter : letters) {
    if (exists(file, letter)) axes.push_back(read_axis(file, letter));
  }
  try {
    return Grid(axes);
  } catch (const InvalidValue& invalid) {
    throw Failure(std::string("bad axes: ") + invalid.what());
  }
}

std::vector<std::string> read_fields(hid_t file, const Grid& grid) {
  std::vector<std::string> names;
  for (const std::string& name : members(file)) {
    if (!exists(file, name) || !is_dataset(file, name)) continue;
    std::vector<hsize_t> size = extent(open_dataset(file, name));
    if (size.size() < 2) continue;
    size.erase(size.begin());
    if (size == field_size(grid)) names.push_back(name);
  }
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name == "rho"; });
  return names;
}

std::vector<double> read_times(hid_t parent) {
  const Handle time = open_dataset(parent, "time");
  std::vector<double> times(extent(time).at(0));
  if (!times.empty()) read_rows(time, 0, times.size(), times.data());
  times.erase(std::find_if(times.begin(), times.end(), [](double t) { return !std::isfinite(t); }), times.end());
  return times;
}

Handle open_result(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) throw InputError(path + ": no such file");
  const Quiet quiet;
  try {
    Handle file = open_file(path);
    for (const char* name : {"time", "x", "rho", "diagnostics"}) {
      if (!exists(file, name)) throw InputError(path + ": not a result file of wpg (it has no /" + name + ")");
    }
    return file;
  } catch (const Failure& failure) {
    throw InputError(path + ": not a result file of wpg: " + failure.what());
  }
}

}  // namespace wpg::hdf5
