#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>

#include "case_plan.hpp"
#include "scratch_file.hpp"
#include "summary.hpp"
#include "wpg/error.hpp"
#include "wpg/info.hpp"
#include "wpg/reduce.hpp"
#include "wpg/run_file.hpp"

using namespace wpg;

namespace {

using Overrides = std::vector<std::pair<std::string, std::string>>;

const std::string plane_case =
    "[grid]\ncells = 24 20\nlower = -5 -4\nupper = 5 4\n[potential]\ntype = quadratic\n"
    "[initial]\ntype = gaussian\nmean = 1 0.5\ncovariance = 0.5\n[scheme]\nname = forward-flow\ngamma = 0.2\nsteps = "
    "4\n"
    "[particles]\nnumber = 300\n[run]\nseed = 6\n[output]\nevery = 2\n";

/// Runs a case by the program and reads its file.
class Written {
 public:
  explicit Written(const std::string& overrides = "")
      : ini_("particles.ini", plane_case + own()), file_(ini_.path() + ".h5") {
    const std::string command = std::string("'") + WPG_PROGRAM + "' run '" + ini_.path() + "' --quiet --output.file '" +
                                file_ + "' " + overrides;
    REQUIRE(std::system(command.c_str()) == 0);
    reader_.emplace(file_);
  }
  ~Written() { std::remove(file_.c_str()); }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;
  const RunFileReader& file() const { return *reader_; }

 private:
  /// A comment that no other case has, as scratch folders are told apart by the text.
  static std::string own() {
    static int count = 0;
    return "# " + std::to_string(getpid()) + " " + std::to_string(++count) + "\n";
  }

  ScratchFile ini_;
  std::string file_;
  std::optional<RunFileReader> reader_;
};

/// The message of the UsageError that a case ends in.
std::string refusal(const Overrides& overrides) {
  try {
    plan_case(Config::parse(plane_case, ".", overrides));
  } catch (const UsageError& error) {
    CHECK(error.code() == ExitCode::usage);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("particles of a run: positions, histogram and series are in its file, and belong together") {
  const Written written;
  const RunFileReader& file = written.file();
  CHECK(file.fields() == std::vector<std::string>{"rho", "histogram"});
  const auto recorded = file.recorded_particles();
  REQUIRE(recorded);
  CHECK(recorded->number == 300);
  CHECK(recorded->seed == 6);
  CHECK(recorded->scheme == "forward-flow");
  CHECK(recorded->method == "unadjusted Langevin");
  REQUIRE(file.times().size() == 3);
  const std::vector<double> means = file.values("particle_mean");
  const std::vector<double> covariances = file.values("particle_covariance");
  const std::vector<double> distances = file.values("particle_w2_squared");
  for (Index k = 0; k < 3; ++k) {
    const Eigen::MatrixXd points = file.particles(k);
    REQUIRE(points.rows() == 300);
    REQUIRE(points.cols() == 2);
    CHECK((histogram(points, file.grid()).values == file.snapshot(k, "histogram").values).all());
    const auto row = static_cast<std::size_t>(2 * k);  // a snapshot every other step
    CHECK(points.col(1).mean() == doctest::Approx(means[2 * row + 1]).epsilon(1e-12));
    const double xy = ((points.col(0).array() - points.col(0).mean()) * points.col(1).array()).mean();
    CHECK(xy == doctest::Approx(covariances[4 * row + 1]).epsilon(1e-10));
    CHECK(distances[row] == doctest::Approx(marginal_w2_squared(points, file.snapshot(k))).epsilon(1e-12));
  }
  CHECK(describe(file).find("particles  300 of forward-flow, seed 6: unadjusted Langevin") != std::string::npos);
  CHECK_THROWS_AS(file.particles(3), InputError);
}

TEST_CASE("particles of a run: bits follow from the seed, not from the threads") {
  const Written one("--run.threads 1");
  const Written three("--run.threads 3");
  const Written other("--run.seed 7");
  CHECK(one.file().particles(2) == three.file().particles(2));
  CHECK(one.file().values("particle_w2_squared") == three.file().values("particle_w2_squared"));
  CHECK(one.file().particles(0) != other.file().particles(0));
}

TEST_CASE("particles of a run: every scheme that has them, and none by default") {
  for (const char* const scheme : {"forward-backward", "svgd"}) {
    const Written written(std::string("--scheme.name ") + scheme);
    CHECK(written.file().recorded_particles()->scheme == scheme);
    // 300 points, two axes, variances below one: independent points would have about 0.02.
    CHECK(written.file().values("particle_w2_squared").back() < 0.06);
  }
  const Written none("--particles.number 0");
  CHECK_FALSE(none.file().recorded_particles());
  CHECK(none.file().fields() == std::vector<std::string>{"rho"});
  CHECK_THROWS_AS(none.file().particles(0), InputError);
}

TEST_CASE("particles of a run: the plan counts their memory and says what they cost") {
  const CasePlan with = plan_case(Config::parse(plane_case, "."));
  const CasePlan without = plan_case(Config::parse(plane_case, ".", {{"particles.number", "0"}}));
  CHECK(planned_memory(with) >= planned_memory(without) + 300 * 2 * sizeof(double));
  CHECK(plan_text(with, "{}").find("300, seed 6: unadjusted Langevin; a step costs N gradients") != std::string::npos);
  CHECK(without.particles == nullptr);
}

TEST_CASE("particles of a run: what has none is refused in one line") {
  const auto names = [](const std::string& message, const std::string& part) {
    INFO(message);
    CHECK(message.find("particles.number = 300") == 0);
    CHECK(message.find(part) != std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
  };
  names(refusal({{"scheme.name", "strang"}}), "must be 0 for scheme.name = strang");
  names(refusal({{"scheme.name", "backward"}}), "must be 0 for scheme.name = backward");
  names(refusal({{"scheme.name", "forward-backward"},
                 {"potential.type", "double-well"},
                 {"scheme.gamma", "0.003"},
                 {"jko.epsilon", "auto"},
                 {"grid.cells", "200 200"}}),
        "0 for forward-backward unless");
  names(refusal({{"scheme.name", "svgd"}, {"grid.boundary", "reflecting periodic"}}), "0 for svgd on a periodic axis");
  CHECK(refusal({{"particles.number", "-3"}}).find("particles.number = -3") == 0);
  CHECK(refusal({{"particles.number", "200000000"}}).find("from 0 to 100000000") != std::string::npos);
  CHECK(refusal({{"particles.number", "many"}}).find("particles.number = many") == 0);
  CHECK(refusal({{"run.seed", "-1"}}).find("run.seed = -1") == 0);
}
