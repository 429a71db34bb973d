#pragma once
#include <string>
#include <vector>

#include "hdf5_get.hpp"
#include "wpg/grid.hpp"

namespace wpg::hdf5 {

/// Opens a result file. Throws InputError if there is none of that name, or if it is something else.
Handle open_result(const std::string& path);

/// The times of a group up to the first one missing: a file whose writer died may claim entries that were never
/// written.
std::vector<double> read_times(hid_t parent);

/// The grid, from the axes' scales. Throws Failure if they are not described or not admissible.
Grid read_grid(hid_t file);

/// Names of the datasets of shape (time, grid), rho first.
std::vector<std::string> read_fields(hid_t file, const Grid& grid);

}  // namespace wpg::hdf5
