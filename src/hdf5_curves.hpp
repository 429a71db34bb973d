#pragma once
#include "hdf5_make.hpp"
#include "wpg/run_file.hpp"

namespace wpg::hdf5 {

/// A group of a result file with a curve that is recorded at every snapshot, on points that stay.
class CurveGroup {
 public:
  /// `time_scale` is the file's scale of snapshot times.
  CurveGroup(hid_t file, const RecordedCurve& curve, hid_t time_scale);

  /// Writes the curve of the next snapshot; readers do not see it before the snapshot's time is written. Throws
  /// std::invalid_argument if the number of points is wrong.
  void write(const Values& curve);
  std::size_t points() const { return points_; }

 private:
  std::string name_;
  std::size_t points_;
  Handle recorded_;
  hsize_t count_ = 0;
};

}  // namespace wpg::hdf5
