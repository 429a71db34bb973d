#include "hdf5_particles.hpp"
#include "hdf5_read.hpp"

namespace wpg {

using namespace hdf5;

std::optional<RecordedParticles> RunFileReader::recorded_particles() const {
  return impl_->attempt([&]() -> std::optional<RecordedParticles> {
    if (!exists(impl_->file, "particles")) return std::nullopt;
    const Handle points = open_dataset(impl_->file, "particles");
    return RecordedParticles{static_cast<Index>(extent(points).at(1)), text_attribute(points, "method"),
                             text_attribute(points, "scheme"),
                             static_cast<std::int64_t>(number_attribute(points, "seed").value_or(0.0))};
  });
}

Eigen::MatrixXd RunFileReader::particles(Index k) const {
  if (!recorded_particles()) throw InputError(impl_->path + ": holds no particles");
  impl_->require_snapshot(k);
  return impl_->attempt(
      [&] { return read_particles(open_dataset(impl_->file, "particles"), static_cast<hsize_t>(k)); });
}

}  // namespace wpg
