#include <cmath>
#include <limits>
#include <optional>

#include "hdf5_curves.hpp"
#include "hdf5_fields.hpp"
#include "hdf5_file.hpp"
#include "hdf5_particles.hpp"
#include "hdf5_series.hpp"
#include "hdf5_target.hpp"
#include "hdf5_vtk.hpp"
#include "wpg/error.hpp"
#include "wpg/run_file.hpp"

namespace wpg {

using namespace hdf5;

/// A commit is: data, flush, times, flush. A process that dies between the flushes, or during one, leaves data that
/// no time refers to, which readers ignore. All groups and datasets are there before the first commit.
struct RunFile::Impl {
  Impl(std::string name, const Problem& problem) : path(std::move(name)), target(path), grid(problem.grid) {}
  ~Impl();

  void reserve();
  void commit_snapshot(double time, const Field& rho, std::span<const Field> others, std::span<const Values> lines,
                       const Eigen::MatrixXd& points);
  void write_curves(std::span<const Values> lines);
  void commit_rows();
  void close();
  /// Closes everything in the file.
  void release();
  /// Runs work and turns its failure into an IoError; after a failure nothing is written any more.
  template <class Work>
  void attempt(Work&& work);

  std::string path;
  TargetPath target;
  Grid grid;
  WrittenFile file;
  std::optional<FieldGroup> fields;
  std::vector<CurveGroup> curves;
  std::optional<ParticleSet> particles;
  std::optional<SeriesGroup> series;
  std::optional<VtkImage> image;
  double last_time = -std::numeric_limits<double>::infinity();
  bool broken = false;
};

template <class Work>
void RunFile::Impl::attempt(Work&& work) {
  if (broken) throw IoError(path + ": not written after an earlier error");
  const Quiet quiet;
  try {
    work();
  } catch (const Failure& failure) {
    broken = true;
    throw IoError(path + ": " + failure.what());
  } catch (const IoError&) {
    broken = true;
    throw;
  }
}

RunFile::Impl::~Impl() {
  const Quiet quiet;
  try {
    if (!broken) close();
  } catch (const std::exception&) {
    broken = true;
  }
  if (broken && file.is_open()) file.abandon();
  release();
  file = WrittenFile();
  target.discard();
}

void RunFile::Impl::release() {
  image.reset();
  series.reset();
  particles.reset();
  curves.clear();
  fields.reset();
}

void RunFile::Impl::reserve() {
  const auto cells = static_cast<std::size_t>(grid.size());
  std::size_t numbers = fields->names().size() * cells + series->waiting_numbers();
  for (const CurveGroup& curve : curves) numbers += curve.points();
  if (particles) numbers += particles->size();
  file.reserve(numbers * sizeof(double));
}

void RunFile::Impl::write_curves(std::span<const Values> lines) {
  if (lines.size() != curves.size()) {
    throw std::invalid_argument("a snapshot has " + std::to_string(lines.size()) + " curves instead of " +
                                std::to_string(curves.size()));
  }
  for (std::size_t k = 0; k < lines.size(); ++k) curves[k].write(lines[k]);
}

void RunFile::Impl::commit_snapshot(double time, const Field& rho, std::span<const Field> others,
                                    std::span<const Values> lines, const Eigen::MatrixXd& points) {
  const bool first = !target.committed();
  reserve();
  fields->write_fields(rho, others);
  write_curves(lines);
  if (particles) particles->write(points);
  series->write_rows();
  image->write_time(time);
  file.flush();
  fields->write_time(time);
  series->write_times();
  image->count_time();
  file.flush();
  if (image->show()) file.flush();
  last_time = time;
  if (first) target.commit();
}

void RunFile::Impl::commit_rows() {
  if (series->waiting() == 0) return;
  reserve();
  series->write_rows();
  file.flush();
  series->write_times();
  file.flush();
}

void RunFile::Impl::close() {
  if (!file.is_open()) return;
  if (target.committed()) commit_rows();
  release();
  file.close(target.current());
  target.discard();
}

RunFile::RunFile(std::string path, const RunHeader& header, const Problem& problem,
                 const std::vector<Diagnostic>& diagnostics) {
  if (header.compression < 0 || header.compression > 9) {
    throw InvalidValue("compression", std::to_string(header.compression), "from 0 to 9");
  }
  impl_ = std::make_unique<Impl>(std::move(path), problem);
  impl_->attempt([&] {
    const std::size_t row = static_cast<std::size_t>(problem.grid.size()) * sizeof(double);
    impl_->file = WrittenFile(impl_->target.current(), row);
    constexpr std::size_t constants = 4;  // target, both potentials, and the axes
    impl_->file.reserve(constants * row);
    impl_->fields.emplace(impl_->file, header, problem);
    for (const RecordedCurve& curve : header.curves) {
      impl_->curves.emplace_back(impl_->file, curve, impl_->fields->time());
    }
    if (header.particles) {
      impl_->particles.emplace(impl_->file, *header.particles, problem.grid.dimension(), impl_->fields->time(),
                               header.compression);
    }
    impl_->series.emplace(impl_->file, diagnostics, problem.grid);
    impl_->image.emplace(impl_->file, problem.grid, impl_->fields->names(), impl_->fields->time());
    impl_->file.flush();
  });
}

RunFile::~RunFile() = default;
RunFile::RunFile(RunFile&&) noexcept = default;

void RunFile::write_snapshot(double time, const Field& rho, std::span<const Field> others,
                             std::span<const Values> curves, const Eigen::MatrixXd& particles) {
  if (!(time > impl_->last_time) || !std::isfinite(time)) {
    throw InvalidValue("time", std::to_string(time), "finite and later than that of the last snapshot");
  }
  impl_->attempt([&] { impl_->commit_snapshot(time, rho, others, curves, particles); });
}

void RunFile::append_diagnostics(double time, std::span<const double> values) {
  impl_->attempt([&] {
    impl_->series->add(time, values);
    constexpr Index most_waiting = 256;  // rows that a process may lose between snapshots
    if (impl_->series->waiting() >= most_waiting) impl_->commit_rows();
  });
}

void RunFile::close() {
  impl_->attempt([&] { impl_->close(); });
}

}  // namespace wpg
