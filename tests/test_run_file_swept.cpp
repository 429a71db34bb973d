#include <doctest/doctest.h>

#include "run_file_case.hpp"
#include "wpg/error.hpp"
#include "write_log.hpp"

using namespace wpg;
using namespace run_file_case;

namespace {

/// What a file of this test holds.
struct Contents {
  int dimension = 1;
  int snapshots = 1;
  int rows = 1;  ///< of the diagnostics, before every snapshot
  std::size_t config = 0;
  std::size_t fields = 0;  ///< beside rho
  Index particles = 0;
};

RunHeader header_of(const Contents& contents) {
  RunHeader made = header();
  made.config = std::string(contents.config, ' ') + made.config;
  for (std::size_t k = 0; k < contents.fields; ++k) made.fields.push_back({"field" + std::to_string(k), "a field"});
  made.curves = {{"network", "fit", "output", 3, {{"x", "input", Values::LinSpaced(3, 0.0, 2.0)}}}};
  if (contents.particles > 0) made.particles = RecordedParticles{contents.particles, "ula", "flow", 1};
  return made;
}

Eigen::MatrixXd points(const Contents& contents, int k) {
  return Eigen::MatrixXd::Constant(contents.particles, contents.dimension, 0.5 + k);
}

/// Writes and closes a file; returns how many operations were done when each of its snapshots had been committed.
std::vector<std::size_t> write(const std::string& path, const Contents& contents,
                               const write_log::Recording& recording) {
  const Problem made = problem(contents.dimension);
  RunFile file(path, header_of(contents), made, diagnostics());
  std::vector<std::size_t> commits;
  for (int k = 0; k < contents.snapshots; ++k) {
    for (int step = contents.rows * k; step < contents.rows * (k + 1); ++step) {
      file.append_diagnostics(0.1 * step, row(contents.dimension, step));
    }
    const Field rho = snapshot(made.grid, k);
    const std::vector<Values> curves{Values::Constant(3, k)};
    file.write_snapshot(k, rho, std::vector<Field>(contents.fields, rho), curves, points(contents, k));
    commits.push_back(recording.operations().size());
  }
  file.close();
  return commits;
}

bool snapshots_are_right(const RunFileReader& file, const Contents& contents) {
  const std::vector<double> curve = file.numbers("network/fit");
  for (std::size_t k = 0; k < file.times().size(); ++k) {
    const int number = static_cast<int>(k);
    if (file.times()[k] != number || curve.at(3 * k) != number || curve.at(3 * k + 2) != number) return false;
    const Field expected = snapshot(grid(contents.dimension), number);
    for (const std::string& field : file.fields()) {
      if (!(file.snapshot(number, field).values == expected.values).all()) return false;
    }
    if (contents.particles > 0 && file.particles(number) != points(contents, number)) return false;
  }
  return true;
}

bool rows_are_right(const RunFileReader& file, const Contents& contents) {
  const std::vector<double> energy = file.values("energy"), count = file.values("jko_iterations");
  const std::vector<double> mean = file.values("mean");
  const auto d = static_cast<std::size_t>(contents.dimension);
  for (std::size_t k = 0; k < file.series_times().size(); ++k) {
    const std::vector<double> expected = row(contents.dimension, static_cast<int>(k));
    if (energy.at(k) != expected[0] || mean.at(d * k) != expected[1]) return false;
    if (k > 0 && count.at(k) != 10.0 * static_cast<double>(k)) return false;
  }
  return file.values("covariance").size() == d * d * energy.size() && file.values("kernel").size() == energy.size();
}

/// What is wrong with a file of which so many snapshots, with their rows, were committed; empty if nothing.
std::string fault(const std::string& path, const Contents& contents, std::size_t committed) {
  try {
    const RunFileReader file(path);
    if (file.times().size() < committed) return "snapshots are lost";
    if (file.series_times().size() < committed * static_cast<std::size_t>(contents.rows)) return "rows are lost";
    if (!snapshots_are_right(file, contents)) return "snapshots are wrong";
    if (!rows_are_right(file, contents)) return "rows are wrong";
    if (file.numbers("VTKHDF/Steps/Values").size() < committed) return "times of the image are lost";
    const bool rest = file.attribute("title") == "a case" && file.target() && file.potential();
    return rest ? "" : "what never changes is lost";
  } catch (const std::exception& error) {
    return error.what();
  }
}

/// Goes through all states of the file from its first commit to the end of its closing.
void sweep(const Contents& contents) {
  const Folder folder;
  std::vector<write_log::Operation> operations;
  std::vector<std::size_t> commits;
  {
    const write_log::Recording recording;
    commits = write(folder.file("run.h5"), contents, recording);
    operations = recording.operations();
  }
#if !defined(__GLIBC__)
  if (operations.empty()) return;
#endif
  const std::string path = folder.file("replayed.h5");
  write_log::Replay replay(path);
  std::size_t committed = 0;
  int states = 0;
  for (std::size_t k = 0; k < operations.size(); ++k) {
    while (committed < commits.size() && commits[committed] <= k) ++committed;
    replay.apply(operations[k], [&] {
      if (committed == 0) return;
      ++states;
      const std::string found = fault(path, contents, committed);
      CHECK_MESSAGE(found.empty(), "after operation " << k << ": " << found);
    });
  }
  CHECK(states > 20 * contents.snapshots);
}

}  // namespace

TEST_CASE("what was committed can be read at whatever write the process dies") {
  SUBCASE("on a line") { sweep({1, 9, 3}); }
  SUBCASE("on a square") { sweep({2, 9, 3}); }
  SUBCASE("in a cube") { sweep({3, 9, 3}); }
}

TEST_CASE("the same with many datasets and a long case") { sweep({3, 7, 2, 12000, 5, 40}); }

// Series whose index grows by new blocks, and commits between snapshots.
TEST_CASE("the same with many rows") { sweep({1, 5, 300}); }
