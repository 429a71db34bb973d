#include "hdf5_particles.hpp"

#include <algorithm>
#include <numeric>

#include "hdf5_get.hpp"

namespace wpg::hdf5 {

ParticleSet::ParticleSet(hid_t file, const RecordedParticles& particles, int dimension, hid_t time_scale,
                         int compression)
    : row_(particles.number, dimension) {
  std::vector<double> numbers(static_cast<std::size_t>(particles.number));
  std::iota(numbers.begin(), numbers.end(), 0.0);
  particle_scale_ = create_scale(file, "particle", numbers);
  set_attribute(particle_scale_, "long_name", "number of the particle");
  const std::vector<std::string> letters{"x", "y", "z"};
  axis_scale_ = create_scale(file, "axis", std::vector<std::string>(letters.begin(), letters.begin() + dimension));
  set_attribute(axis_scale_, "long_name", "coordinate");
  constexpr hsize_t most = (hsize_t{4} << 20) / sizeof(double);
  const auto number = static_cast<hsize_t>(particles.number);
  const auto d = static_cast<hsize_t>(dimension);
  const Layout layout{{number, d}, true, {1, std::min(number, most / d), d}, compression};
  points_ = create_dataset(file, "particles", Type::f8, layout);
  attach(points_, {time_scale, particle_scale_, axis_scale_});
  set_attribute(points_, "long_name", "positions of the particles");
  set_attribute(points_, "units", "1");
  set_attribute(points_, "method", particles.method);
  set_attribute(points_, "scheme", particles.scheme);
  set_attribute(points_, "seed", std::span(&particles.seed, 1));
}

void ParticleSet::write(const Eigen::MatrixXd& points) {
  if (points.rows() != row_.rows() || points.cols() != row_.cols()) {
    throw std::invalid_argument("a snapshot has " + std::to_string(points.rows()) + " particles instead of " +
                                std::to_string(row_.rows()));
  }
  row_ = points;
  append(points_, count_++, 1, H5T_NATIVE_DOUBLE, row_.data());
}

Eigen::MatrixXd read_particles(hid_t dataset, hsize_t k) {
  const std::vector<hsize_t> size = extent(dataset);
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> row(static_cast<Index>(size.at(1)),
                                                                             static_cast<Index>(size.at(2)));
  read_rows(dataset, k, 1, row.data());
  return row;
}

}  // namespace wpg::hdf5
