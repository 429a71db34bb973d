#include "hdf5_vtk.hpp"

#include <array>
#include <cstring>

namespace wpg::hdf5 {
namespace {

constexpr const char* image_type = "ImageData";
/// As long as the type, in whose place it stands.
constexpr const char* no_type = "none\0\0\0\0\0";

void describe_image(hid_t group, const Grid& grid) {
  std::array<std::int64_t, 2> version{2, 0};
  std::array<std::int64_t, 6> extent{};
  std::array<double, 3> origin{};
  std::array<double, 3> spacing{1.0, 1.0, 1.0};
  const std::array<double, 9> direction{1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0};
  for (int k = 0; k < grid.dimension(); ++k) {
    const auto at = static_cast<std::size_t>(k);
    extent[2 * at + 1] = grid.axis(k).cells;
    origin[at] = grid.axis(k).lower;
    spacing[at] = grid.axis(k).spacing();
  }
  set_attribute(group, "Version", std::span<const std::int64_t>(version));
  set_ascii_attribute(group, "Type", std::string(no_type, std::strlen(image_type)));
  set_attribute(group, "WholeExtent", std::span<const std::int64_t>(extent));
  set_attribute(group, "Origin", std::span<const double>(origin));
  set_attribute(group, "Spacing", std::span<const double>(spacing));
  set_attribute(group, "Direction", std::span<const double>(direction));
}

}  // namespace

VtkImage::VtkImage(hid_t file, const Grid& grid, const std::vector<std::string>& fields, hid_t time_scale)
    : group_(create_group(file, "VTKHDF")),
      cells_(create_group(group_, "CellData")),
      steps_(create_group(group_, "Steps")) {
  describe_image(group_, grid);
  for (const std::string& field : fields) {
    check(H5Lcreate_soft(("/" + field).c_str(), cells_, field.c_str(), H5P_DEFAULT, H5P_DEFAULT),
          "cannot link a field into /VTKHDF");
  }
  values_ = create_dataset(steps_, "Values", Type::f8, {{}, true, {256}});
  attach(values_, {time_scale});
  const std::int64_t none = 0;
  set_attribute(steps_, "NSteps", std::span<const std::int64_t>(&none, 1));
}

void VtkImage::write_time(double time) {
  append(values_, count_, 1, H5T_NATIVE_DOUBLE, &time);
  ++count_;
}

void VtkImage::count_time() {
  const Handle steps(H5Aopen(steps_, "NSteps", H5P_DEFAULT), H5Aclose, "cannot count the steps of /VTKHDF");
  const auto count = static_cast<std::int64_t>(count_);
  check(H5Awrite(steps, H5T_NATIVE_INT64, &count), "cannot count the steps of /VTKHDF");
}

bool VtkImage::show() {
  if (shown_ || count_ < 2) return false;
  const Handle attribute(H5Aopen(group_, "Type", H5P_DEFAULT), H5Aclose, "cannot show /VTKHDF");
  const Handle type(H5Aget_type(attribute), H5Tclose, "cannot show /VTKHDF");
  check(H5Awrite(attribute, type, image_type), "cannot show /VTKHDF");
  shown_ = true;
  return true;
}

}  // namespace wpg::hdf5
