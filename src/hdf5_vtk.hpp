#pragma once
#include "hdf5_make.hpp"

namespace wpg::hdf5 {

/// The group /VTKHDF, through which ParaView (5.12 and later) sees the snapshots as one time-dependent image.
/// It links to the fields and holds a copy of the times; its reader wants at least two of them.
class VtkImage {
 public:
  /// `fields` are names of datasets in the file's root, of shape (time, [z,] [y,] x).
  VtkImage(hid_t file, const Grid& grid, const std::vector<std::string>& fields, hid_t time_scale);

  void append_time(double time);

 private:
  Handle group_, cells_, steps_, values_;
  hsize_t count_ = 0;
};

}  // namespace wpg::hdf5
