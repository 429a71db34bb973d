#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hdf5_handle.hpp"

namespace wpg::hdf5 {

/// Opens a file for reading, also while it is being written.
Handle open_file(const std::string& path);
Handle open_group(hid_t parent, const std::string& name);
Handle open_dataset(hid_t parent, const std::string& name);
/// Whether a link of that name leads to something.
bool exists(hid_t parent, const std::string& name);
/// Names of the members of a group, in the order of their creation.
std::vector<std::string> members(hid_t group);
bool is_dataset(hid_t parent, const std::string& name);

std::vector<hsize_t> extent(hid_t dataset);
bool is_integer(hid_t dataset);
/// Rows [first, first + rows) along the first axis, as numbers.
void read_rows(hid_t dataset, hsize_t first, hsize_t rows, double* to);

/// A text attribute; empty if there is none.
std::string text_attribute(hid_t object, const char* name);
/// A numeric attribute of one element.
std::optional<double> number_attribute(hid_t object, const char* name);

}  // namespace wpg::hdf5
