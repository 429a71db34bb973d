#pragma once
#include "hdf5_make.hpp"

namespace wpg::hdf5 {

/// The group /VTKHDF, through which ParaView (5.12 and later) sees the snapshots as one time-dependent image. It links
/// to the fields and holds a copy of the times. Its reader wants at least two of them: until then its Type is "none",
/// which no reader takes. All of it is created with the file, because a process that dies while objects are added to
/// a group leaves the group unreadable.
class VtkImage {
 public:
  /// `fields` are names of datasets in the file's root, of shape (time, [z,] [y,] x).
  VtkImage(hid_t file, const Grid& grid, const std::vector<std::string>& fields, hid_t time_scale);

  /// Writes the time of a snapshot; readers do not see it yet.
  void write_time(double time);
  /// Makes the times visible.
  void count_time();
  /// Gives the image its type once its reader can take it; true if that has now changed the file.
  bool show();

 private:
  Handle group_, cells_, steps_, values_;
  hsize_t count_ = 0;
  bool shown_ = false;
};

}  // namespace wpg::hdf5
