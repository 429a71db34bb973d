#pragma once
#include <map>

#include "hdf5_make.hpp"
#include "wpg/recorder.hpp"

namespace wpg::hdf5 {

/// The group /diagnostics: one growing dataset per series, with a time scale of its own. Rows wait in memory until
/// they are committed: write_rows, flush of the file, write_times, flush of the file.
class SeriesGroup {
 public:
  SeriesGroup(hid_t file, const std::vector<Diagnostic>& diagnostics, const Grid& grid);

  /// Takes one row; throws std::invalid_argument if it does not fit the series.
  void add(double time, std::span<const double> row);
  Index waiting() const { return static_cast<Index>(times_.size()); }
  std::size_t waiting_numbers() const { return times_.size() * (row_size_ + 2); }
  /// Writes the waiting rows; readers do not see them yet.
  void write_rows();
  /// Makes the rows visible, and forgets them.
  void write_times();

 private:
  struct Series {
    std::string name;
    Handle dataset;
    std::size_t size = 1;  ///< numbers in a row
    bool integer = false;
    std::vector<double> rows = {};
  };
  Series make_series(const Diagnostic& diagnostic);
  /// The scale of one axis of a row: "axis", for further axes of the same series "axis2", ...
  hid_t scale(const std::string& name, std::size_t repetition);

  Grid grid_;
  Handle group_, time_, step_;
  std::map<std::string, Handle> scales_;
  std::vector<Series> series_;
  std::size_t row_size_ = 0;
  std::vector<double> times_;
  hsize_t committed_ = 0;
};

}  // namespace wpg::hdf5
