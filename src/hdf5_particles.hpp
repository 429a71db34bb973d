#pragma once
#include <vector>

#include "hdf5_make.hpp"
#include "wpg/run_file.hpp"

namespace wpg::hdf5 {

/// The dataset /particles (time, particle, axis) and its scales.
class ParticleSet {
 public:
  ParticleSet(hid_t file, const RecordedParticles& particles, int dimension, hid_t time_scale, int compression);

  /// Writes the points of one snapshot; readers do not see them before its time. Throws std::invalid_argument unless
  /// there are as many as were announced.
  void write(const Eigen::MatrixXd& points);
  /// Numbers in a snapshot.
  std::size_t size() const { return static_cast<std::size_t>(row_.size()); }

 private:
  Handle points_, particle_scale_, axis_scale_;
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> row_;
  hsize_t count_ = 0;
};

/// Points of snapshot `k`, one per row.
Eigen::MatrixXd read_particles(hid_t dataset, hsize_t k);

}  // namespace wpg::hdf5
