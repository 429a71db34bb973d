#include "hdf5_get.hpp"

namespace wpg::hdf5 {
namespace {

herr_t collect_name(hid_t, const char* name, const H5L_info_t*, void* to) {
  static_cast<std::vector<std::string>*>(to)->emplace_back(name);
  return 0;
}

std::string read_variable_text(hid_t attribute, hid_t type) {
  char* text = nullptr;
  check(H5Aread(attribute, type, static_cast<void*>(&text)), "cannot read an attribute");
  std::string copy = text == nullptr ? "" : text;
  H5free_memory(text);
  return copy;
}

}  // namespace

Handle open_file(const std::string& path) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot open");
#if H5_VERSION_GE(1, 10, 7)
  check(H5Pset_file_locking(access, false, true), "cannot open");
#endif
  return {H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose, "cannot open"};
}

Handle open_group(hid_t parent, const std::string& name) {
  return {H5Gopen2(parent, name.c_str(), H5P_DEFAULT), H5Gclose, ("cannot read " + name).c_str()};
}

Handle open_dataset(hid_t parent, const std::string& name) {
  return {H5Dopen2(parent, name.c_str(), H5P_DEFAULT), H5Dclose, ("cannot read " + name).c_str()};
}

bool exists(hid_t parent, const std::string& name) {
  return H5Lexists(parent, name.c_str(), H5P_DEFAULT) > 0 && H5Oexists_by_name(parent, name.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> members(hid_t group) {
  std::vector<std::string> names;
  herr_t done = H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, collect_name, &names);
  if (done < 0) {
    names.clear();
    done = H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_name, &names);
  }
  check(done, "cannot list a group");
  return names;
}

bool is_dataset(hid_t parent, const std::string& name) {
  const Handle object(H5Oopen(parent, name.c_str(), H5P_DEFAULT), H5Oclose, ("cannot read " + name).c_str());
  return H5Iget_type(object) == H5I_DATASET;
}

std::vector<hsize_t> extent(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose, "cannot read a shape");
  std::vector<hsize_t> size(static_cast<std::size_t>(check(H5Sget_simple_extent_ndims(space), "cannot read a shape")));
  check(H5Sget_simple_extent_dims(space, size.data(), nullptr), "cannot read a shape");
  return size;
}

bool is_integer(hid_t dataset) {
  const Handle type(H5Dget_type(dataset), H5Tclose, "cannot read a type");
  return H5Tget_class(type) == H5T_INTEGER;
}

void read_rows(hid_t dataset, hsize_t first, hsize_t rows, double* to) {
  const Handle space(H5Dget_space(dataset), H5Sclose, "cannot read");
  std::vector<hsize_t> size = extent(dataset);
  std::vector<hsize_t> start(size.size(), 0);
  start.at(0) = first;
  size.at(0) = rows;
  check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr), "cannot read");
  const Handle memory(H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose, "cannot read");
  check(H5Dread(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, to), "cannot read");
}

std::string text_attribute(hid_t object, const char* name) {
  if (check(H5Aexists(object, name), "cannot read an attribute") == 0) return "";
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, "cannot read an attribute");
  const Handle type(H5Aget_type(attribute), H5Tclose, "cannot read an attribute");
  if (H5Tget_class(type) != H5T_STRING) return "";
  if (H5Tis_variable_str(type) > 0) return read_variable_text(attribute, type);
  std::string text(H5Tget_size(type), '\0');
  check(H5Aread(attribute, type, text.data()), "cannot read an attribute");
  return text.substr(0, text.find('\0'));
}

std::optional<double> number_attribute(hid_t object, const char* name) {
  if (check(H5Aexists(object, name), "cannot read an attribute") == 0) return std::nullopt;
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, "cannot read an attribute");
  const Handle space(H5Aget_space(attribute), H5Sclose, "cannot read an attribute");
  if (H5Sget_simple_extent_npoints(space) != 1) return std::nullopt;
  double number = 0.0;
  check(H5Aread(attribute, H5T_NATIVE_DOUBLE, &number), "cannot read an attribute");
  return number;
}

}  // namespace wpg::hdf5
