#pragma once
#include "hdf5_open.hpp"
#include "wpg/error.hpp"
#include "wpg/run_file.hpp"

namespace wpg {

/// What the members of the reader share, in hdf5_read.cpp and hdf5_read_particles.cpp.
struct RunFileReader::Impl {
  explicit Impl(const std::string& name) : path(name), file(hdf5::open_result(name)) {}

  /// Runs work and turns its failure into an IoError.
  template <class Work>
  auto attempt(Work&& work) const {
    const hdf5::Quiet quiet;
    try {
      return work();
    } catch (const hdf5::Failure& failure) {
      throw IoError(path + ": " + failure.what());
    } catch (const std::out_of_range&) {
      throw IoError(path + ": a dataset has the wrong shape");
    }
  }
  std::optional<Field> constant(const std::string& name) const;
  Series describe(const std::string& name) const;
  void require_snapshot(Index k) const;

  std::string path;
  hdf5::Handle file;
  hdf5::Handle diagnostics;
  std::optional<Grid> grid;
  std::vector<std::string> fields;
  std::vector<double> times, series_times;
};

}  // namespace wpg
