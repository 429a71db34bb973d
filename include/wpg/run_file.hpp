#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wpg/recorder.hpp"

namespace wpg {

/// What is written once, when a result file is created.
struct RunHeader {
  std::string title;
  std::string source;  ///< program, version, commit
  std::string config;  ///< the resolved case as JSON
  int compression = 4;
};

/// Writer of one HDF5 result file that is also a netCDF-4 and a VTKHDF file. Everything up to the last
/// committed snapshot can be read after the process dies at any moment. Errors are IoError, naming the file.
class RunFile {
 public:
  /// Creates the file (its folder too); an existing file of that name is replaced only once the new one holds its first
  /// snapshot.
  RunFile(std::string path, const RunHeader& header, const Problem& problem,
          const std::vector<Diagnostic>& diagnostics);
  ~RunFile();
  RunFile(RunFile&&) noexcept;

  /// Commits rho (mass density at cell centres) at a time later than all before; `reference` likewise where the file
  /// has one.
  void write_snapshot(double time, const Field& rho);
  /// Appends one row to every diagnostic series; `values` holds them one after another, in the order of the
  /// diagnostics.
  void append_diagnostics(double time, std::span<const double> values);
  /// Flushes and closes; the destructor does the same without reporting errors.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reader of result files. Trusts the length of /time and truncates everything else to it.
class RunFileReader {
 public:
  explicit RunFileReader(const std::string& path);
  ~RunFileReader();
  RunFileReader(RunFileReader&&) noexcept;

  struct Series {
    std::string name;
    std::string description;
    std::vector<Index> shape;  ///< of one row
  };

  std::string attribute(const std::string& name) const;
  Grid grid() const;
  std::vector<double> times() const;
  Field snapshot(Index k) const;
  std::optional<Field> target() const;
  std::vector<Series> series() const;
  /// All rows of one series, one after another.
  std::vector<double> values(const std::string& series) const;
  std::vector<double> series_times() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wpg
