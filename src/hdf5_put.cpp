#include <algorithm>
#include <functional>
#include <numeric>

#include "hdf5_make.hpp"

namespace wpg::hdf5 {
namespace {

void write_attribute(hid_t object, const char* name, hid_t file_type, hid_t memory_type, hid_t space,
                     const void* data) {
  const Handle attribute(H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                         "cannot create an attribute");
  check(H5Awrite(attribute, memory_type, data), "cannot write an attribute");
}

Handle line(hsize_t size) { return {H5Screate_simple(1, &size, nullptr), H5Sclose, "cannot set up an attribute"}; }

Handle scalar() { return {H5Screate(H5S_SCALAR), H5Sclose, "cannot set up an attribute"}; }

}  // namespace

void set_attribute(hid_t object, const char* name, const std::string& text) {
  // Longer ones do not fit into an object's header, where attributes of fixed length live.
  constexpr std::size_t longest_fixed = 16000;
  const bool fixed = text.size() <= longest_fixed;
  const char* const data = text.c_str();
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "cannot set up a text");
  check(H5Tset_size(type, fixed ? std::max<std::size_t>(text.size(), 1) : H5T_VARIABLE), "cannot set up a text");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "cannot set up a text");
  check(H5Tset_strpad(type, fixed ? H5T_STR_NULLPAD : H5T_STR_NULLTERM), "cannot set up a text");
  write_attribute(object, name, type, type, scalar(), fixed ? static_cast<const void*>(data) : &data);
}

void set_ascii_attribute(hid_t object, const char* name, const std::string& text) {
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "cannot set up a text");
  check(H5Tset_size(type, text.size()), "cannot set up a text");
  check(H5Tset_strpad(type, H5T_STR_NULLPAD), "cannot set up a text");
  write_attribute(object, name, type, type, scalar(), text.data());
}

void set_attribute(hid_t object, const char* name, std::span<const double> numbers) {
  write_attribute(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, line(numbers.size()), numbers.data());
}

void set_attribute(hid_t object, const char* name, std::span<const std::int32_t> numbers) {
  write_attribute(object, name, H5T_STD_I32LE, H5T_NATIVE_INT32, line(numbers.size()), numbers.data());
}

void set_attribute(hid_t object, const char* name, std::span<const std::int64_t> numbers) {
  write_attribute(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, line(numbers.size()), numbers.data());
}

void describe(hid_t dataset, const std::string& long_name) {
  set_attribute(dataset, "long_name", long_name);
  set_attribute(dataset, "units", "1");
}

void attach(hid_t dataset, const std::vector<hid_t>& scales) {
  for (std::size_t k = 0; k < scales.size(); ++k) {
    check(H5DSattach_scale(dataset, scales[k], static_cast<unsigned>(k)), "cannot attach a dimension scale");
  }
}

void append(hid_t dataset, hsize_t first, hsize_t rows, hid_t memory_type, const void* data) {
  std::vector<hsize_t> size(H5S_MAX_RANK);
  {
    const Handle before(H5Dget_space(dataset), H5Sclose, "cannot extend a dataset");
    size.resize(static_cast<std::size_t>(H5Sget_simple_extent_ndims(before)));
    check(H5Sget_simple_extent_dims(before, size.data(), nullptr), "cannot extend a dataset");
  }
  size[0] = first + rows;
  check(H5Dset_extent(dataset, size.data()), "cannot extend a dataset");
  const Handle space(H5Dget_space(dataset), H5Sclose, "cannot extend a dataset");
  std::vector<hsize_t> start(size.size(), 0);
  start[0] = first;
  size[0] = rows;
  check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr), "cannot select rows");
  const Handle memory(H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose,
                      "cannot select rows");
  check(H5Dwrite(dataset, memory_type, memory, space, H5P_DEFAULT, data), "cannot write");
}

std::vector<hsize_t> field_size(const Grid& grid) {
  std::vector<hsize_t> size;
  for (int k = grid.dimension() - 1; k >= 0; --k) size.push_back(static_cast<hsize_t>(grid.axis(k).cells));
  return size;
}

std::vector<hsize_t> field_chunk(const Grid& grid) {
  constexpr hsize_t most = (hsize_t{4} << 20) / sizeof(double);
  std::vector<hsize_t> chunk = field_size(grid);
  while (std::accumulate(chunk.begin(), chunk.end(), hsize_t{1}, std::multiplies<>()) > most) {
    hsize_t& longest = *std::max_element(chunk.begin(), chunk.end());
    longest = (longest + 1) / 2;
  }
  return chunk;
}

}  // namespace wpg::hdf5
