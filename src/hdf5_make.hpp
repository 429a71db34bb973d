#pragma once
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "hdf5_handle.hpp"
#include "wpg/field.hpp"

namespace wpg::hdf5 {

/// Stands for a missing integer (netCDF's default fill value of a 4-byte integer, used for 8 bytes too).
constexpr std::int32_t missing_integer = -2147483647;

enum class Type { f8, i4, i8 };

/// How a dataset is laid out. A growing one starts with no rows, its `size` is that of one row, and it needs HDF5 1.10
/// to be read.
struct Layout {
  std::vector<hsize_t> size;
  bool grows = false;
  std::vector<hsize_t> chunk = {};  ///< of all axes; empty: contiguous
  int compression = 0;
};

/// Makes a group, or a file's root, list its members and attributes in the order of their creation.
void keep_link_order(hid_t creation_properties);
Handle create_group(hid_t parent, const std::string& name);
/// Creates a dataset filled with NaN or missing_integer, and says so in its attribute _FillValue.
Handle create_dataset(hid_t parent, const std::string& name, Type type, const Layout& layout);
/// Creates a dataset of 8-byte integers, none of which is ever missing.
Handle create_counter(hid_t parent, const std::string& name, const Layout& layout);
/// Creates a dimension scale of given coordinates.
Handle create_scale(hid_t parent, const std::string& name, std::span<const double> coordinates);
Handle create_scale(hid_t parent, const std::string& name, const std::vector<std::string>& labels);
/// Creates a scale that grows.
Handle create_growing_scale(hid_t parent, const std::string& name);

/// Attaches one scale to each axis of a dataset.
void attach(hid_t dataset, const std::vector<hid_t>& scales);

/// Grows the first axis to first + rows and writes there.
void append(hid_t dataset, hsize_t first, hsize_t rows, hid_t memory_type, const void* data);

/// A text, as netCDF writes it: of fixed length, unless it is very long.
void set_attribute(hid_t object, const char* name, const std::string& text);
void set_attribute(hid_t object, const char* name, std::span<const double> numbers);
void set_attribute(hid_t object, const char* name, std::span<const std::int32_t> numbers);
void set_attribute(hid_t object, const char* name, std::span<const std::int64_t> numbers);
/// Says what the numbers of a dataset are; they have no unit.
void describe(hid_t dataset, const std::string& long_name);
/// A text of fixed length that is declared to be ASCII.
void set_ascii_attribute(hid_t object, const char* name, const std::string& text);

/// The axes of a field on a grid, slowest first.
std::vector<hsize_t> field_size(const Grid& grid);
/// The chunk of such a field: all of it, or equal tiles of at most 4 MiB.
std::vector<hsize_t> field_chunk(const Grid& grid);

}  // namespace wpg::hdf5
