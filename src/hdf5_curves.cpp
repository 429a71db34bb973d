#include "hdf5_curves.hpp"

#include <numeric>

namespace wpg::hdf5 {
namespace {

void create_constant(hid_t group, const RecordedCurve::Column& column, hid_t scale) {
  const auto size = static_cast<hsize_t>(column.values.size());
  const Handle dataset = create_dataset(group, column.name, Type::f8, {{size}});
  attach(dataset, {scale});
  describe(dataset, column.description);
  check(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, column.values.data()),
        ("cannot write " + column.name).c_str());
}

Handle create_point_scale(hid_t group, std::size_t points) {
  std::vector<double> numbers(points);
  std::iota(numbers.begin(), numbers.end(), 0.0);
  Handle scale = create_scale(group, "point", numbers);
  describe(scale, "number of the point");
  return scale;
}

}  // namespace

CurveGroup::CurveGroup(hid_t file, const RecordedCurve& curve, hid_t time_scale)
    : name_(curve.group + "/" + curve.name), points_(static_cast<std::size_t>(curve.points)) {
  const Handle group = create_group(file, curve.group);
  const Handle scale = create_point_scale(group, points_);
  for (const RecordedCurve::Column& column : curve.columns) create_constant(group, column, scale);
  recorded_ = create_dataset(group, curve.name, Type::f8, {{points_}, true, {1, points_}});
  attach(recorded_, {time_scale, scale});
  describe(recorded_, curve.description);
}

void CurveGroup::write(const Values& curve) {
  if (static_cast<std::size_t>(curve.size()) != points_) {
    throw std::invalid_argument("/" + name_ + " has " + std::to_string(points_) + " points, not " +
                                std::to_string(curve.size()));
  }
  append(recorded_, count_++, 1, H5T_NATIVE_DOUBLE, curve.data());
}

}  // namespace wpg::hdf5
