#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "run_file_case.hpp"
#include "wpg/error.hpp"
#include "wpg/info.hpp"

using namespace wpg;
using namespace run_file_case;
namespace fs = std::filesystem;

TEST_CASE("a result file gives back what was written, in one to three dimensions") {
  for (int dimension = 1; dimension <= 3; ++dimension) {
    CAPTURE(dimension);
    const Folder folder;
    const std::string path = folder.file("deep/er/run.h5");
    write(path, dimension, 5);
    const RunFileReader file(path);
    CHECK(file.grid() == grid(dimension));
    CHECK(file.attribute("title") == "a case");
    CHECK(file.attribute("config") == header().config);
    CHECK(file.attribute("absent").empty());
    CHECK(file.fields() == std::vector<std::string>{"rho"});
    REQUIRE(file.times().size() == 5);
    for (int k = 0; k < 5; ++k) {
      CHECK(file.times()[static_cast<std::size_t>(k)] == 0.2 * k);
      CHECK((file.snapshot(k).values == snapshot(grid(dimension), k).values).all());
    }
    REQUIRE(file.target());
    CHECK((file.target()->values == snapshot(grid(dimension), 100).values).all());
    REQUIRE(file.potential());
    CHECK(file.potential()->values[3] == Bowl().value(grid(dimension).center(3)));
  }
}

TEST_CASE("diagnostics keep their names, shapes, types and missing values") {
  const Folder folder;
  write(folder.file("run.h5"), 2, 400);  // more rows than one chunk or one buffer holds
  const RunFileReader file(folder.file("run.h5"));
  REQUIRE(file.series_times().size() == 799);
  CHECK(file.series_times()[798] == 0.1 * 798);
  const auto series = file.series();
  REQUIRE(series.size() == 5);
  CHECK(series[0].name == "energy");
  CHECK(series[0].description == "free energy");
  CHECK(series[1].shape == std::vector<Index>{2});
  CHECK(series[2].shape == std::vector<Index>{2, 2});
  CHECK(series[3].integer);
  CHECK(series[4].flags == std::vector<std::string>{"fft", "dct", "truncated"});
  std::size_t at = 0;
  for (const auto& one : series) {
    const std::vector<double> values = file.values(one.name);
    const std::size_t size = values.size() / 799;
    for (int step = 0; step < 799; ++step) {
      for (std::size_t k = 0; k < size; ++k) {
        const double expected = row(2, step)[at + k];
        const double got = values[static_cast<std::size_t>(step) * size + k];
        if (std::isnan(expected) ? !std::isnan(got) : got != expected) FAIL(one.name << " differs at step " << step);
      }
    }
    at += size;
  }
}

TEST_CASE("fields beside rho are recorded with every snapshot") {
  const Folder folder;
  const Problem made = problem(2);
  RunHeader with = header();
  with.fields = {{"reference", "solution of the Fokker-Planck equation"}};
  with.compression = 0;
  RunFile file(folder.file("run.h5"), with, made, {});
  const Field other = snapshot(made.grid, 7);
  CHECK_THROWS_AS(file.write_snapshot(0.0, made.initial), std::invalid_argument);
  CHECK_THROWS_AS(file.write_snapshot(0.0, snapshot(grid(1), 0), std::span(&other, 1)), std::invalid_argument);
  file.write_snapshot(0.0, made.initial, std::span(&other, 1));
  CHECK_THROWS_AS(file.write_snapshot(0.0, made.initial, std::span(&other, 1)), InvalidValue);
  CHECK_THROWS_AS(file.write_snapshot(std::nan(""), made.initial, std::span(&other, 1)), InvalidValue);

  const RunFileReader live(folder.file("run.h5"));  // while the writer holds the file
  CHECK(live.fields() == std::vector<std::string>{"rho", "reference"});
  CHECK((live.snapshot(0, "reference").values == other.values).all());
  CHECK_THROWS_AS(live.snapshot(1), InputError);
  CHECK_THROWS_AS(live.snapshot(0, "target"), InputError);
}

TEST_CASE("large fields are stored in several chunks") {
  const Folder folder;
  const Grid on({{1500, 0.0, 1.0}, {900, 0.0, 1.0}});  // 10.8 MB
  const Problem made{on, nullptr, {}, snapshot(on, 1), std::nullopt, std::nullopt, std::nullopt};
  RunHeader fast = header();
  fast.compression = 1;
  RunFile file(folder.file("run.h5"), fast, made, {});
  file.write_snapshot(0.0, made.initial);
  file.close();
  const RunFileReader read(folder.file("run.h5"));
  CHECK((read.snapshot(0).values == made.initial.values).all());
  CHECK_FALSE(read.target());
  CHECK_FALSE(read.potential());
}

TEST_CASE("an existing file stays until the new one holds a snapshot") {
  const Folder folder;
  const std::string path = folder.file("run.h5");
  write(path, 1, 3);
  const Problem made = problem(1);
  { const RunFile idle(path, header(), made, diagnostics()); }
  CHECK(RunFileReader(path).times().size() == 3);
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 1);
  fs::create_symlink("run.h5", folder.file("link.h5"));
  RunFile file(folder.file("link.h5"), header(), made, diagnostics());
  file.append_diagnostics(0.0, row(1, 0));
  CHECK(RunFileReader(path).times().size() == 3);
  file.write_snapshot(0.0, made.initial);
  CHECK(RunFileReader(path).times().size() == 1);
  CHECK(fs::is_symlink(folder.file("link.h5")));
  file.close();
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 2);
}

TEST_CASE("what does not fit a result file is refused") {
  const Folder folder;
  const Problem made = problem(1);
  RunHeader bad = header();
  bad.compression = 10;
  CHECK_THROWS_AS(RunFile(folder.file("a.h5"), bad, made, {}), InvalidValue);
  CHECK_THROWS_WITH_AS(RunFile("/dev/full", header(), made, {}), "/dev/full: cannot write: not a regular file",
                       IoError);
  CHECK_THROWS_WITH_AS(RunFile(folder.path, header(), made, {}), (folder.path + ": cannot write: is a folder").c_str(),
                       IoError);
  CHECK_THROWS_WITH_AS(RunFile("/proc/nowhere/a.h5", header(), made, {}),
                       "/proc/nowhere/a.h5: cannot create the folder /proc/nowhere: No such file or directory",
                       IoError);
  CHECK_THROWS_WITH_AS(RunFile("/proc/a.h5", header(), made, {}),
                       "/proc/a.h5: cannot create the file: No such file or directory", IoError);
  CHECK_THROWS_AS(RunFile(folder.file("a.h5"), header(), made, {diagnostics()[0], diagnostics()[0]}), IoError);
  RunFile file(folder.file("a.h5"), header(), made, {diagnostics()[3]});
  CHECK_THROWS_AS(file.append_diagnostics(0.0, std::vector<double>{1.0, 2.0}), std::invalid_argument);
  CHECK_THROWS_AS(file.append_diagnostics(0.0, std::vector<double>{1.5}), std::invalid_argument);
  file.close();
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("what is no result file is named") {
  const Folder folder;
  CHECK_THROWS_WITH_AS(RunFileReader(folder.file("a.h5")), (folder.file("a.h5") + ": no such file").c_str(),
                       InputError);
  std::ofstream(folder.file("b.h5")) << "text";
  CHECK_THROWS_AS(RunFileReader(folder.file("b.h5")), InputError);
  write(folder.file("c.h5"), 1, 3);
  fs::resize_file(folder.file("c.h5"), fs::file_size(folder.file("c.h5")) / 2);
  CHECK_THROWS_AS(RunFileReader(folder.file("c.h5")), InputError);
  CHECK_THROWS_AS(RunFileReader(folder.path), InputError);
}

TEST_CASE("a result file is described") {
  const Folder folder;
  write(folder.file("run.h5"), 2, 3);
  const std::string text = describe(RunFileReader(folder.file("run.h5")));
  CAPTURE(text);
  for (const char* part :
       {"title      a case\n", "source     wpg test\n", "x: 12 cells on [-1, 2], reflecting\n",
        "y: 7 cells on [0.1, 0.7], free\n", "snapshots  3, time 0 to 0.4\n", "fields     rho, target, potential\n",
        "steps      5, time 0 to 0.4\n", "energy          1  0.2\n", "mean            (0, 0.01)  (4, 4.01)\n",
        "((0.02, 0.03), (0.04, 0.05))", "jko_iterations  -  40\n", "kernel          dct 2 times, truncated 2 times\n",
        "[scheme]\n  gamma = 0.1\n"}) {
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("ncdump, h5dump, netCDF4 and xarray read a result file") {
  const Folder folder;
  write(folder.file("run-1.h5"), 1, 3);
  write(folder.file("run-2.h5"), 2, 3);
  write(folder.file("run-3.h5"), 3, 3);
  const std::string quiet = " > " + folder.file("out") + " 2>&1";
  const auto run = [&](const std::string& command) { return std::system((command + quiet).c_str()); };
  for (const std::string program : {"ncdump -h ", "h5dump -H "}) {
    if (run("command -v " + program.substr(0, program.find(' '))) != 0) {
      MESSAGE("not found, so not tried: ", program);
      continue;
    }
    for (const char* name : {"run-1.h5", "run-2.h5", "run-3.h5"}) CHECK(run(program + folder.file(name)) == 0);
  }
  const char* const chosen = std::getenv("WPG_PYTHON");
  const std::string python = chosen != nullptr                ? chosen
                             : fs::exists("/usr/bin/python3") ? "/usr/bin/python3"
                                                              : "python3";
  const int done = run(python + " " WPG_SOURCE_DIR "/tests/check_file.py " + folder.path);
  std::ifstream out(folder.file("out"));
  const std::string said((std::istreambuf_iterator<char>(out)), {});
  MESSAGE(said);
  CHECK(done == 0);
}
