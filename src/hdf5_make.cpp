#include "hdf5_make.hpp"

namespace wpg::hdf5 {
namespace {

/// While it lives, new datasets index their chunks by an array that only grows. The B-trees of older formats move
/// entries when a node splits, and a writer that dies then loses chunks that were committed.
class GrowingIndex {
 public:
  GrowingIndex(hid_t object, bool wanted) {
    if (!wanted) return;
    file_ = Handle(H5Iget_file_id(object), H5Fclose, "cannot set up a dataset");
    check(H5Fset_libver_bounds(file_, H5F_LIBVER_V110, H5F_LIBVER_LATEST), "cannot set up a dataset");
  }
  ~GrowingIndex() {
    if (file_ >= 0) H5Fset_libver_bounds(file_, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
  }
  GrowingIndex(const GrowingIndex&) = delete;
  GrowingIndex& operator=(const GrowingIndex&) = delete;

 private:
  Handle file_;
};

/// Objects list their members and attributes in the order of creation, as netCDF-4 wants it, and hold all attributes
/// in their header, however many scales and series refer to them.
void keep_order(hid_t properties) {
  constexpr unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  check(H5Pset_attr_creation_order(properties, order), "cannot set up an object");
  check(H5Pset_attr_phase_change(properties, 64, 0), "cannot set up an object");
}

}  // namespace

void keep_link_order(hid_t properties) {
  keep_order(properties);
  check(H5Pset_link_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED), "cannot set up a group");
}

namespace {

hid_t file_type(Type type) {
  if (type == Type::f8) return H5T_IEEE_F64LE;
  return type == Type::i8 ? H5T_STD_I64LE : H5T_STD_I32LE;
}

void set_fill(hid_t properties, Type type) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const herr_t done = type == Type::f8 ? H5Pset_fill_value(properties, H5T_NATIVE_DOUBLE, &nan)
                                       : H5Pset_fill_value(properties, H5T_NATIVE_INT32, &missing_integer);
  check(done, "cannot set a fill value");
}

/// The fill value where readers of netCDF look for it; its type must be the dataset's.
void set_fill_attribute(hid_t dataset, Type type) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::int64_t missing = missing_integer;
  if (type == Type::f8) set_attribute(dataset, "_FillValue", std::span(&nan, 1));
  if (type == Type::i8) set_attribute(dataset, "_FillValue", std::span(&missing, 1));
  if (type == Type::i4) set_attribute(dataset, "_FillValue", std::span(&missing_integer, 1));
}

Handle layout_properties(const Layout& layout) {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "cannot set up a dataset");
  keep_order(properties);
  if (layout.chunk.empty()) return properties;
  check(H5Pset_chunk(properties, static_cast<int>(layout.chunk.size()), layout.chunk.data()), "cannot set chunks");
  if (layout.compression > 0) {
    check(H5Pset_shuffle(properties), "cannot set up compression");
    check(H5Pset_deflate(properties, static_cast<unsigned>(layout.compression)), "cannot set up compression");
  }
  return properties;
}

Handle layout_space(const Layout& layout) {
  std::vector<hsize_t> now = layout.size;
  std::vector<hsize_t> most = layout.size;
  if (layout.grows) {
    now.insert(now.begin(), 0);
    most.insert(most.begin(), H5S_UNLIMITED);
  }
  return {H5Screate_simple(static_cast<int>(now.size()), now.data(), most.data()), H5Sclose, "cannot set up a dataset"};
}

Handle create(hid_t parent, const std::string& name, hid_t type, const Layout& layout, hid_t properties) {
  const Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, "cannot set up a dataset");
  // Without a cache of chunks data are written at once, and flushing allocates nothing any more.
  check(H5Pset_chunk_cache(access, 0, 0, 0.0), "cannot set up a dataset");
  const GrowingIndex index(parent, layout.grows);
  return {H5Dcreate2(parent, name.c_str(), type, layout_space(layout), H5P_DEFAULT, properties, access), H5Dclose,
          ("cannot create " + name).c_str()};
}

void make_scale(hid_t dataset, const std::string& name) {
  check(H5DSset_scale(dataset, name.c_str()), ("cannot make a scale of " + name).c_str());
}

}  // namespace

Handle create_group(hid_t parent, const std::string& name) {
  const Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "cannot set up a group");
  keep_link_order(creation);
  return {H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose,
          ("cannot create /" + name).c_str()};
}

Handle create_dataset(hid_t parent, const std::string& name, Type type, const Layout& layout) {
  const Handle properties = layout_properties(layout);
  set_fill(properties, type);
  Handle dataset = create(parent, name, file_type(type), layout, properties);
  set_fill_attribute(dataset, type);
  return dataset;
}

Handle create_counter(hid_t parent, const std::string& name, const Layout& layout) {
  return create(parent, name, H5T_STD_I64LE, layout, layout_properties(layout));
}

Handle create_scale(hid_t parent, const std::string& name, std::span<const double> coordinates) {
  const Layout layout{{coordinates.size()}};
  Handle scale = create(parent, name, H5T_IEEE_F64LE, layout, layout_properties(layout));
  check(H5Dwrite(scale, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, coordinates.data()),
        ("cannot write " + name).c_str());
  make_scale(scale, name);
  return scale;
}

Handle create_growing_scale(hid_t parent, const std::string& name) {
  const Layout layout{{}, true, {1024}};
  const Handle properties = layout_properties(layout);
  set_fill(properties, Type::f8);
  Handle scale = create(parent, name, H5T_IEEE_F64LE, layout, properties);
  make_scale(scale, name);
  return scale;
}

Handle create_scale(hid_t parent, const std::string& name, const std::vector<std::string>& labels) {
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "cannot set up a text");
  check(H5Tset_size(type, H5T_VARIABLE), "cannot set up a text");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "cannot set up a text");
  std::vector<const char*> texts;
  texts.reserve(labels.size());
  for (const std::string& label : labels) texts.push_back(label.c_str());
  const Layout layout{{labels.size()}};
  Handle scale = create(parent, name, type, layout, layout_properties(layout));
  check(H5Dwrite(scale, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()), ("cannot write " + name).c_str());
  make_scale(scale, name);
  return scale;
}

}  // namespace wpg::hdf5
