#pragma once
#include "hdf5_make.hpp"
#include "wpg/run_file.hpp"

namespace wpg::hdf5 {

/// The root of a result file: its attributes, the scales time, x, y, z, the fields recorded at every snapshot and the
/// constant ones.
class FieldGroup {
 public:
  FieldGroup(hid_t file, const RunHeader& header, const Problem& problem);

  /// Writes the fields of one snapshot; readers do not see it yet. Throws std::invalid_argument if a field is missing
  /// or on another grid.
  void write_fields(const Field& rho, std::span<const Field> others);
  /// Makes the snapshot visible.
  void write_time(double time);

  hid_t time() const { return time_; }
  const std::vector<std::string>& names() const { return names_; }

 private:
  void create_axes();
  void create_recorded(const RecordedField& field, int compression);
  void create_constant(const RecordedField& description, const Field& field, int compression);
  std::vector<hid_t> axes() const { return {scales_.begin(), scales_.end()}; }
  void require_grid(const Field& field) const;

  hid_t file_;
  Grid grid_;
  Handle time_;
  std::vector<Handle> scales_;  ///< of the axes, slowest first
  std::vector<std::string> names_;
  std::vector<Handle> recorded_;
  hsize_t count_ = 0;
};

}  // namespace wpg::hdf5
