#include <doctest/doctest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "program.hpp"
#include "wpg/config.hpp"
#include "wpg/run_file.hpp"

using namespace wpg;
using namespace program;
namespace fs = std::filesystem;

TEST_CASE("wpg run writes a file and prints a summary") {
  const Sandbox box;
  const ProgramRun run = box.run({"run", "small.ini"});
  CHECK(run.code == 0);
  CHECK(run.err.empty());
  for (const char* part :
       {"small: 5 steps of forward-backward", "64 cells on [-6, 6]", "lambda = 1, L = 1", "mean", "covariance",
        "KL to target", "mass drift", "epsilon", "kernel applications", "wall time", "output/small.h5, 6 snapshots"}) {
    CAPTURE(part);
    CHECK(contains(run.out, part));
  }
  const RunFileReader file(box.path("output/small.h5").string());
  CHECK(file.times().size() == 6);
  CHECK(file.series_times().size() == 6);
  const ProgramRun info = box.run({"info", "output/small.h5"});
  CHECK(info.code == 0);
  CHECK(contains(info.out, "kl"));
}

TEST_CASE("wpg run --json prints one object and nothing else; --quiet nothing at all") {
  const Sandbox box;
  const ProgramRun run = box.run({"run", "small.ini", "--json", "--scheme.steps", "3", "--output.file=a.h5"});
  CHECK(run.code == 0);
  const auto json = nlohmann::json::parse(run.out);
  CHECK(json.at("steps") == 3);
  CHECK(json.at("output") == "a.h5");
  CHECK(json.at("grid").at("cells") == std::vector<int>{64});
  // One pushforward contracts the mean by 1 - gamma; the JKO step of the entropy keeps it. Second order in h = 0.19.
  CHECK(json.at("final").at("mean")[0].get<double>() == doctest::Approx(0.8 * 0.8 * 0.8).epsilon(1e-3));
  CHECK(json.at("final").at("covariance")[0].size() == 1);
  CHECK(json.at("mass_drift").get<double>() < 1e-12);
  const ProgramRun quiet = box.run({"run", "small.ini", "--quiet"});
  CHECK(quiet.code == 0);
  CHECK(quiet.out.empty());
  CHECK(quiet.err.empty());
}

TEST_CASE("an observable is recorded and printed") {
  const Sandbox box;
  box.write("observed.ini", std::string(small_case) + "[observable]\nname = tail\nexpression = 1/(1+exp(-x))\n");
  const ProgramRun run = box.run({"run", "observed.ini", "--json"});
  CHECK(run.code == 0);
  const double tail = nlohmann::json::parse(run.out).at("final").at("tail").get<double>();
  CHECK(tail > 0.5);
  CHECK(tail < 1.0);
}

TEST_CASE("wpg run --dry-run prints the resolved case and writes nothing") {
  const Sandbox box;
  const ProgramRun run = box.run({"run", "small.ini", "--dry-run"});
  CHECK(run.code == 0);
  CHECK(contains(run.out, "gamma = 0.2\nsteps = 5"));
  CHECK(contains(run.out, "memory"));
  CHECK_FALSE(fs::exists(box.path("output")));
  const ProgramRun json = box.run({"run", "small.ini", "-n", "--json"});
  CHECK(nlohmann::json::parse(json.out).at("config").at("scheme").at("steps") == "5");
}

TEST_CASE("bad use is one line on stderr with key, value and what is admissible, and leaves no file") {
  struct Case {
    std::vector<std::string> arguments;
    int code;
    std::string part;
  };
  const Sandbox box;
  box.write("typo.ini", "[scheme]\ngama = 1\n");
  box.write("stray.ini", "[scheme]\ngamma 1\n");
  const std::vector<Case> cases = {
      {{}, 64, "wpg help"},
      {{"rum"}, 64, "did you mean run?"},
      {{"run"}, 64, "takes one case"},
      {{"run", "absent.ini"}, 66, "absent.ini"},
      {{"run", "typo.ini"}, 64, "typo.ini, line 2: unknown key scheme.gama; did you mean scheme.gamma?"},
      {{"run", "stray.ini"}, 64, "stray.ini, line 2: 'gamma 1'"},
      {{"run", "small.ini", "--scheme.gama", "1"}, 64, "did you mean --scheme.gamma?"},
      {{"run", "small.ini", "--scheme.gamma", "1"}, 64, "scheme.gamma = 1 (command line): must be below 1/L = 1"},
      {{"run", "small.ini", "--scheme.gamma", "nan"}, 64, "scheme.gamma = nan (command line): must be a finite number"},
      {{"run", "small.ini", "--scheme.gamma", "-1"}, 64, "scheme.gamma = -1"},
      {{"run", "small.ini", "--scheme.gamma", "1e-3"}, 64, "at least"},
      {{"run", "small.ini", "--scheme.steps", "0"}, 64, "scheme.steps = 0 (command line): must be a whole number"},
      {{"run", "small.ini", "--jko.epsilon", "0.5"}, 64, "2 gamma = 0.4"},
      {{"run", "small.ini", "--jko.epsilon", "0.01"}, 64, "0.5 h^2 = 0.0175781"},
      {{"run", "small.ini", "--jko.tolerance", "0"}, 64, "1e-12"},
      {{"run", "small.ini", "--jko.kernel", "trunkated"}, 64, "did you mean truncated?"},
      {{"run", "small.ini", "--run.threads", "0"}, 64, "run.threads = 0"},
      {{"run", "small.ini", "--output.compression", "10"}, 64, "from 0 to 9"},
      {{"run", "small.ini", "--output.file", "small.ini/a.h5"}, 74, "small.ini/a.h5"},
      {{"run", "small.ini", "--observable.name", "kl", "--observable.expression", "x"}, 64, "other diagnostics"},
      {{"run", "small.ini", "--observable.name", "a", "--observable.expression", "x+"}, 64, "observable.expression"},
      {{"run", "small.ini", "--observable.name", "a", "--observable.expression", "sqrt(x)"}, 64, "finite"},
      {{"run", "small.ini", "--diagnostics.w2", "exact"}, 64, "must be auto, none or sinkhorn"},
      {{"run", "small.ini", "--diagnostics.theory", "maybe"}, 64, "must be auto, true or false"},
      {{"run", "small.ini", "--product.columns", "copies"}, 64, "products are for wpg validate"},
      {{"validate", "small.ini", "--product.columns", "copies"}, 64, "where there is no product.file"},
      {{"run", "small.ini", "--scheme.name", "svgd", "--scheme.bandwidth", "mean"}, 64, "median or a positive number"},
      {{"run", "small.ini", "--energy.interaction", "quadratic", "--reference.fokker-planck", "on"},
       64,
       "reference.fokker-planck = on (command line): must be false"},
      {{"info", "absent.h5"}, -1, "absent.h5"},
      {{"list", "schems"}, 64, "did you mean schemes?"},
      {{"info", "small.ini", "--json"}, 64, "no options"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.part);
    const ProgramRun run = box.run(c.arguments);
    if (c.code > 0) CHECK(run.code == c.code);
    CHECK(run.code != 0);
    CHECK(run.out.empty());
    CAPTURE(run.err);
    CHECK(is_one_line(run.err));
    CHECK(contains(run.err, c.part));
    CHECK_FALSE(fs::exists(box.path("output")));
  }
}

TEST_CASE("an existing file is kept where overwriting is off, and by a run that fails to start") {
  const Sandbox box;
  box.write("kept.h5", "precious");
  CHECK(box.run({"run", "small.ini", "--output.file", "kept.h5", "--output.overwrite", "false"}).code == 74);
  CHECK(box.run({"run", "small.ini", "--output.file", "kept.h5", "--scheme.gamma", "2"}).code == 64);
  CHECK(text_of(box.path("kept.h5")) == "precious");
}

TEST_CASE("a step that does not converge ends the run with 75, or a warning; a kernel that does not serve is refused") {
  const Sandbox box;
  const ProgramRun strict = box.run({"run", "small.ini", "--jko.max-iterations", "1", "--jko.tolerance", "1e-12"});
  CHECK(strict.code == 75);
  CHECK(strict.err.starts_with("wpg: step 1 of 5: "));
  CHECK(is_one_line(strict.err));
  CHECK(RunFileReader(box.path("output/small.h5").string()).times() == std::vector<double>{0.0});
  const ProgramRun lenient = box.run({"run", "small.ini", "--jko.max-iterations", "1", "--jko.tolerance", "1e-12",
                                      "--jko.on-failure", "warn", "--output.file", "b.h5"});
  CHECK(lenient.code == 0);
  CHECK(contains(lenient.err, "wpg: warning: step 1"));
  CHECK(contains(lenient.out, "stopped short of the tolerance"));
  // gamma/epsilon = 21 on a density of 130 decades is far beyond what rounding leaves of an FFT.
  const ProgramRun refused = box.run({"run", "small.ini", "--jko.kernel", "fft", "--grid.cells", "512", "--grid.lower",
                                      "-25", "--grid.upper", "25", "--output.file", "c.h5"});
  CHECK(refused.code == 64);
  CHECK(contains(refused.err, "fft"));
  CHECK_FALSE(fs::exists(box.path("c.h5")));
}

TEST_CASE("signals end a run after the step, with the last snapshot written") {
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    const Sandbox box;
    const pid_t child = box.start({"run", "small.ini", "--scheme.steps", "100000000", "--output.every", "0"});
    // The first snapshot shows that the loop has begun.
    for (int k = 0; k < 1000 && !fs::exists(box.path("output/small.h5")); ++k) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ::kill(child, signal);
    const ProgramRun run = box.finish(child);
    CHECK(run.code == code);
    CHECK(contains(run.out, "stopped; 100000000 planned"));
    const RunFileReader file(box.path("output/small.h5").string());
    CHECK(file.times().size() == 2);
    CHECK(file.series_times().back() == file.times().back());
  }
}

TEST_CASE("no line of the help and the lists is longer than 100 characters") {
  const Sandbox box;
  const std::vector<std::vector<std::string>> all = {{"help"}, {"help", "compare"}, {"help", "validate"}, {"list"}};
  for (const std::vector<std::string>& arguments : all) {
    std::istringstream lines(box.run(arguments).out);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      CHECK(line.size() <= 100);
    }
  }
}

TEST_CASE("help names every key; list and version answer") {
  const Sandbox box;
  const ProgramRun help = box.run({"--help"});
  CHECK(help.code == 0);
  for (const Option& option : options()) CHECK(contains(help.out, option.key));
  CHECK(box.run({"help"}).out == help.out);
  CHECK(box.run({"run", "--help"}).out == help.out);
  CHECK(box.run({"help", "run"}).out == help.out);
  const ProgramRun section = box.run({"help", "jko"});
  CHECK(contains(section.out, "jko.tolerance"));
  CHECK_FALSE(contains(section.out, "scheme.gamma"));
  CHECK(contains(box.run({"help", "jkoo"}).err, "did you mean jko?"));
  CHECK(box.run({"--version"}).out.starts_with("wpg "));
  CHECK(contains(box.run({"list"}).out, "forward-backward"));
  CHECK(contains(box.run({"list", "schemes"}).out, "forward-backward"));
}
