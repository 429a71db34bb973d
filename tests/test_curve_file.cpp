#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "oracles.hpp"
#include "wpg/error.hpp"
#include "wpg/info.hpp"
#include "wpg/run_file.hpp"

using namespace wpg;

TEST_CASE("curves are written at every snapshot and read back, beside their constant columns") {
  const auto path =
      (std::filesystem::temp_directory_path() / ("wpg-curve-" + std::to_string(getpid()) + ".h5")).string();
  const Grid grid = oracle::cube(1, 8, 0.0, 1.0);
  const Problem problem{grid, nullptr, {}, Field(grid), {}, {}, {}};
  RunHeader header{"curves", "test", "", 4};
  header.curves = {{"network", "fit", "output", 3, {{"x", "input", Values::LinSpaced(3, 0.0, 2.0)}}}};
  const std::vector<Values> first{Values::Constant(3, 1.5)}, second{Values::LinSpaced(3, 4.0, 6.0)};
  {
    RunFile file(path, header, problem, {});
    file.write_snapshot(0.0, problem.initial, {}, first);
    file.write_snapshot(1.0, problem.initial, {}, second);
    file.close();
  }
  const RunFileReader reader(path);
  CHECK(reader.curves() == std::vector<std::string>{"network/fit"});
  CHECK(reader.numbers("network/fit") == std::vector<double>{1.5, 1.5, 1.5, 4.0, 5.0, 6.0});
  CHECK(reader.numbers("network/x") == std::vector<double>{0.0, 1.0, 2.0});
  CHECK_THROWS_AS(reader.numbers("network/y"), InputError);
  CHECK(reader.fields() == std::vector<std::string>{"rho"});
  CHECK(describe(reader).find("rho, network/fit") != std::string::npos);
  {
    RunFile file(path, header, problem, {});
    CHECK_THROWS_AS(file.write_snapshot(0.0, problem.initial), std::invalid_argument);
    const std::vector<Values> wrong{Values::Zero(4)};
    CHECK_THROWS_AS(file.write_snapshot(0.0, problem.initial, {}, wrong), std::invalid_argument);
  }
  std::filesystem::remove(path);
}
