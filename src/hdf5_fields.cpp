#include "hdf5_fields.hpp"

namespace wpg::hdf5 {
namespace {

Handle make_axis(hid_t file, const std::string& letter, const Axis& axis) {
  std::vector<double> centers;
  for (Index i = 0; i < axis.cells; ++i) centers.push_back(axis.center(i));
  Handle scale = create_scale(file, letter, centers);
  describe(scale, letter + " at the cell centres");
  set_attribute(scale, "lower", std::span(&axis.lower, 1));
  set_attribute(scale, "upper", std::span(&axis.upper, 1));
  const char* const boundaries[] = {"reflecting", "periodic", "free"};
  set_attribute(scale, "boundary", std::string(boundaries[static_cast<int>(axis.boundary)]));
  return scale;
}

}  // namespace

FieldGroup::FieldGroup(hid_t file, const RunHeader& header, const Problem& problem) : file_(file), grid_(problem.grid) {
  set_attribute(file, "Conventions", "CF-1.8");
  set_attribute(file, "title", header.title);
  set_attribute(file, "source", header.source);
  set_attribute(file, "config", header.config);
  create_axes();
  create_recorded({"rho", "probability density"}, header.compression);
  for (const RecordedField& field : header.fields) create_recorded(field, header.compression);
  if (problem.target) create_constant({"target", "target density"}, *problem.target, header.compression);
  if (problem.potential) {
    const Field potential = sample(grid_, [&](const Point& x) { return problem.potential->value(x); });
    create_constant({"potential", "potential V"}, potential, header.compression);
  }
  if (problem.nonsmooth) {
    create_constant({"nonsmooth", "nonsmooth potential F"}, nonsmooth_field(grid_, *problem.nonsmooth),
                    header.compression);
  }
}

void FieldGroup::create_axes() {
  time_ = create_growing_scale(file_, "time");
  describe(time_, "time");
  set_attribute(time_, "standard_name", "time");
  set_attribute(time_, "axis", "T");
  const std::string letters = "xyz";
  for (int k = 0; k < grid_.dimension(); ++k) {
    scales_.insert(scales_.begin(), make_axis(file_, letters.substr(static_cast<std::size_t>(k), 1), grid_.axis(k)));
  }
}

void FieldGroup::create_recorded(const RecordedField& field, int compression) {
  Layout layout{field_size(grid_), true, field_chunk(grid_), compression};
  layout.chunk.insert(layout.chunk.begin(), 1);
  Handle dataset = create_dataset(file_, field.name, Type::f8, layout);
  std::vector<hid_t> scales = axes();
  scales.insert(scales.begin(), time_);
  attach(dataset, scales);
  describe(dataset, field.description);
  names_.push_back(field.name);
  recorded_.push_back(std::move(dataset));
}

void FieldGroup::create_constant(const RecordedField& description, const Field& field, int compression) {
  require_grid(field);
  const Layout layout{field_size(grid_), false, field_chunk(grid_), compression};
  const Handle dataset = create_dataset(file_, description.name, Type::f8, layout);
  attach(dataset, axes());
  describe(dataset, description.description);
  check(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, field.values.data()),
        ("cannot write " + description.name).c_str());
}

void FieldGroup::require_grid(const Field& field) const {
  if (!(field.grid == grid_)) throw std::invalid_argument("a field is not on the grid of its result file");
}

void FieldGroup::write_fields(const Field& rho, std::span<const Field> others) {
  if (others.size() + 1 != recorded_.size()) {
    throw std::invalid_argument("a snapshot has " + std::to_string(others.size()) + " fields beside rho instead of " +
                                std::to_string(recorded_.size() - 1));
  }
  require_grid(rho);
  for (const Field& field : others) require_grid(field);
  append(recorded_[0], count_, 1, H5T_NATIVE_DOUBLE, rho.values.data());
  for (std::size_t k = 0; k < others.size(); ++k) {
    append(recorded_[k + 1], count_, 1, H5T_NATIVE_DOUBLE, others[k].values.data());
  }
}

void FieldGroup::write_time(double time) { append(time_, count_++, 1, H5T_NATIVE_DOUBLE, &time); }

}  // namespace wpg::hdf5
