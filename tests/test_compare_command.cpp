#include <doctest/doctest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "program.hpp"
#include "wpg/run_file.hpp"

using namespace wpg;
using namespace program;
namespace fs = std::filesystem;

TEST_CASE("wpg compare prints one table and writes a file for every run") {
  const Sandbox box;
  const ProgramRun run = box.run({"compare", "small.ini", "--scheme.name", "forward-backward,strang"});
  CHECK(run.code == 0);
  CHECK(run.err.empty());
  for (const char* part : {"small: 2 runs", "64 cells on [-6, 6]", "by quantile functions", "KL to target", "step 1",
                           "time 0.2", "W2^2 to target", "at the end", "closed form", "its limit", "covariance off by",
                           "wall time a step", "output/compare-small-strang.h5"}) {
    CAPTURE(part);
    CHECK(contains(run.out, part));
  }
  for (const char* scheme : {"forward-backward", "strang"}) {
    const RunFileReader file(box.path("output/compare-small-" + std::string(scheme) + ".h5").string());
    CHECK(file.times().size() == 6);
    CHECK(contains(file.attribute("config"), "\"name\":\"" + std::string(scheme) + "\""));
  }
}

TEST_CASE("wpg compare prints one JSON object with the numbers of the files") {
  const Sandbox box;
  box.write("fine.ini", std::string(small_case) + "\n[jko]\ntolerance = 1e-9\n");
  const ProgramRun run = box.run({"compare", "small.ini", "fine.ini", "--json", "--output.file", "out/study.h5"});
  CHECK(run.code == 0);
  const auto json = nlohmann::json::parse(run.out);
  CHECK(json.at("steps") == nlohmann::json({1, 3, 5}));
  REQUIRE(json.at("runs").size() == 2);
  CHECK(json.at("runs")[0].at("case") == "small");
  CHECK(json.at("runs")[1].at("case") == "fine");
  const nlohmann::json& first = json.at("runs")[0];
  CHECK(first.at("output") == "out/study-small-forward-backward.h5");
  const RunFileReader file(box.path(first.at("output").get<std::string>()).string());
  CHECK(first.at("end").at("kl") == file.values("kl")[5]);
  CHECK(first.at("at_steps")[0].at("w2_squared") == file.values("w2_squared")[1]);
  CHECK(first.at("at_times")[2] == first.at("end"));
  CHECK(first.at("closed_form").at("kl").get<double>() > 0.0);
}

TEST_CASE("cases of one name, or whose files would have one, are told apart") {
  const Sandbox box;
  std::string backward = small_case;
  backward.replace(backward.find("[scheme]"), 8, "[scheme]\nname = backward");
  fs::create_directories(box.path("other"));
  box.write("other/small.ini", small_case);
  box.write("small-forward.ini", backward);
  const ProgramRun run = box.run({"compare", "small.ini", "other/small.ini", "small-forward.ini", "--dry-run"});
  CHECK(run.code == 0);
  for (const char* part : {"compare-small-forward-backward.h5", "compare-small-2-forward-backward.h5",
                           "compare-small-forward-2-backward.h5"}) {
    CAPTURE(part);
    CHECK(contains(run.out, part));
  }
}

TEST_CASE("wpg compare --dry-run tells the plan and writes nothing") {
  const Sandbox box;
  const ProgramRun run = box.run({"compare", "small.ini", "--scheme.name", "backward,forward-flow", "-n"});
  CHECK(run.code == 0);
  for (const char* part :
       {"steps      1, 3, 5", "times      0.2, 0.6, 1", "backward", "output/compare-small-backward.h5", "KiB"}) {
    CAPTURE(part);
    CHECK(contains(run.out, part));
  }
  CHECK(nlohmann::json::parse(box.run({"compare", "small.ini", "-n", "--json"}).out).at("runs")[0].at("outcome") ==
        "not run");
  CHECK_FALSE(fs::exists(box.path("output")));
}

TEST_CASE("bad use of wpg compare is one line and writes nothing") {
  struct Case {
    std::vector<std::string> arguments;
    int code;
    const char* part;
  };
  const Sandbox box;
  box.write("other.ini", std::string(small_case) + "\n[diagnostics]\nw2 = none\n");
  std::string coarse = small_case;
  coarse.replace(coarse.find("64"), 2, "32");
  box.write("coarse.ini", coarse);
  const std::vector<Case> cases = {
      {{"compare"}, 64, "takes cases"},
      {{"compare", "absent.ini"}, 66, "absent.ini"},
      {{"compare", "small.ini", "coarse.ini"},
       64,
       "the cases differ in grid.cells: 64 in small, 32 in coarse; they are compared on one grid"},
      {{"compare", "small.ini", "other.ini"}, 64, "diagnostics.w2: auto in small, none in other"},
      {{"compare", "small.ini", "--scheme.name", "strang,foward"}, 64, "foward is no scheme; did you mean forward?"},
      {{"compare", "small.ini", "--scheme.name", "strang,strang"}, 64, "strang is named twice"},
      {{"compare", "small.ini", "--scheme.name", "forward-flow,forward-backward", "--scheme.gamma", "1"},
       64,
       "must be below 1/L = 1"},
      {{"compare", "small.ini", "--scheme.name", "backward,strang", "--jko.tolerance", "0"}, 64, "1e-12"},
      {{"compare", "small.ini", "--refine", "1"}, 64, "--refine belongs to wpg validate"},
      {{"compare", "small.ini", "--product.columns", "copies"}, 64, "products are for wpg validate"},
      {{"compare", "small.ini", "--output.file", "small.ini/a.h5"}, 74, "small.ini/a-small-forward-backward.h5"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.part);
    const ProgramRun run = box.run(c.arguments);
    CHECK(run.code == c.code);
    CHECK(run.out.empty());
    CAPTURE(run.err);
    CHECK(is_one_line(run.err));
    CHECK(contains(run.err, c.part));
    CHECK_FALSE(fs::exists(box.path("output")));
  }
}

TEST_CASE("an existing file of any run is kept where overwriting is off, before anything is written") {
  const Sandbox box;
  fs::create_directories(box.path("output"));
  box.write("output/compare-small-strang.h5", "precious");
  const ProgramRun run =
      box.run({"compare", "small.ini", "--scheme.name", "backward,strang", "--output.overwrite", "false"});
  CHECK(run.code == 74);
  CHECK(text_of(box.path("output/compare-small-strang.h5")) == "precious");
  CHECK_FALSE(fs::exists(box.path("output/compare-small-backward.h5")));
}

TEST_CASE(
    "wpg compare exits with 75 after the table when a solver stops short, with 64 when no scheme takes the case") {
  const Sandbox box;
  const ProgramRun strict = box.run({"compare", "small.ini", "--scheme.name", "forward-backward,strang",
                                     "--jko.max-iterations", "1", "--jko.tolerance", "1e-12"});
  CHECK(strict.code == 75);
  CHECK(contains(strict.out, "stopped short of its tolerance: step 1 of 5"));
  CHECK(contains(strict.out, "output  output/compare-small-strang.h5"));
  box.write("box.ini",
            "[grid]\ncells = 64\nlower = -6\nupper = 6\n[potential]\ntype = quadratic\n"
            "[initial]\ntype = box\nlower = -1\nupper = 1\n[scheme]\nname = forward\ngamma = 0.1\nsteps = 3\n");
  const ProgramRun refused = box.run({"compare", "box.ini"});
  CHECK(refused.code == 64);
  CHECK(contains(refused.out, "refused: the density is zero"));
  CHECK_FALSE(fs::exists(box.path("output/compare-box-forward.h5")));
}

TEST_CASE("a signal ends a comparison after the step, with the table of what was made") {
  const Sandbox box;
  const pid_t child = box.start({"compare", "small.ini", "--scheme.name", "forward-flow,strang", "--scheme.steps",
                                 "100000000", "--output.every", "0"});
  const fs::path first = box.path("output/compare-small-forward-flow.h5");
  for (int k = 0; k < 1000 && !fs::exists(first); ++k) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ::kill(child, SIGINT);
  const ProgramRun run = box.finish(child);
  CHECK(run.code == 130);
  CHECK(contains(run.out, "forward-flow: stopped after"));
  CHECK(contains(run.out, "not run"));
  CHECK(RunFileReader(first.string()).times().size() == 2);
  CHECK_FALSE(fs::exists(box.path("output/compare-small-strang.h5")));
}
