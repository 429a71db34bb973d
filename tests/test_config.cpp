#include <doctest/doctest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "config_sources.hpp"
#include "text.hpp"
#include "wpg/config.hpp"
#include "wpg/error.hpp"

using namespace wpg;
namespace fs = std::filesystem;

namespace {

/// What the error says that `action` throws; empty if it throws none.
template <class Action>
std::string message(Action&& action) {
  try {
    action();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

std::string parse_message(const std::string& text) {
  return message([&] { Config::parse(text, "."); });
}

/// A folder that is removed at the end of the test.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("wpg-test-config-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
    return (path / name).string();
  }
};

struct Variable {
  explicit Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }
  const char* name_;
};

}  // namespace

TEST_CASE("typed getters read what is written") {
  const Config c = Config::parse(
      "# a case\r\n[grid]\r\ncells = 64, 32 # per axis\n; whole line\nlower = -4 -4.5\n"
      "[potential]\nprecision = 1 2  3 4\nV = x^2 + (y == 1)\nstandardise = No\n[run]\nseed = 7\n",
      ".");
  CHECK(c.words("grid.cells") == std::vector<std::string>{"64", "32"});
  CHECK(c.point("grid.lower", 2)[1] == -4.5);
  CHECK(c.matrix("potential.precision", 2)(0, 1) == 2.0);
  CHECK(c.matrix("potential.precision", 2)(1, 0) == 3.0);
  CHECK(c.text("potential.V") == "x^2 + (y == 1)");
  CHECK_FALSE(c.flag("potential.standardise"));
  CHECK(c.integer("run.seed") == 7);
  CHECK(c.number("jko.tolerance") == 1e-8);
  CHECK(c.given("run.seed"));
  CHECK_FALSE(c.given("jko.tolerance"));
  CHECK(c.has("jko.tolerance"));
  CHECK_FALSE(c.has("scheme.gamma"));
}

TEST_CASE("a value of the wrong type is an error with key, value, place and what is admissible") {
  const Config c = Config::parse(
      "[scheme]\ngamma = nan\nsteps = 2.5\n[grid]\nlower = 1 2 x\n[jko]\nepsilon = 1e999\ncompensate = maybe\n"
      "tolerance =\n[initial]\nradius = 0x10\n",
      ".");
  CHECK(message([&] { c.positive("scheme.gamma"); }) ==
        "scheme.gamma = nan (case, line 2): must be a finite number above 0");
  CHECK(message([&] { c.integer("scheme.steps", 1); }) ==
        "scheme.steps = 2.5 (case, line 3): must be a whole number, at least 1");
  CHECK(message([&] { c.numbers("grid.lower"); }).find("'x' is not one") != std::string::npos);
  CHECK(message([&] { c.number("jko.epsilon"); }).find("1e999 (case, line 7)") != std::string::npos);
  CHECK(message([&] { c.flag("jko.compensate"); }).find("maybe") != std::string::npos);
  CHECK(message([&] { c.number("jko.tolerance"); }).find("is empty (case, line 9)") != std::string::npos);
  CHECK(message([&] { c.number("initial.radius"); }).find("0x10") != std::string::npos);
  CHECK(message([&] { c.text("scheme.name"); }).empty());
  CHECK(message([&] { c.text("grid.upper"); }).find("grid.upper is missing: must be ") == 0);
  CHECK(message([&] { c.point("jko.max-iterations", 2); }).find("2 numbers, one per axis") != std::string::npos);
  CHECK(message([&] { c.matrix("jko.max-iterations", 2); }).find("a 2 x 2 matrix") != std::string::npos);
  CHECK_THROWS_AS(c.text("no.such-key"), std::logic_error);
}

TEST_CASE("unknown keys and sections, duplicates and stray lines are errors with line numbers") {
  CHECK(parse_message("[scheme]\ngama = 1\n") == "case, line 2: unknown key scheme.gama; did you mean scheme.gamma?");
  CHECK(parse_message("[shceme]\n") == "case, line 1: unknown section [shceme]; did you mean scheme?");
  CHECK(parse_message("[scheme]\nqqqqqqqqqqq = 1\n") ==
        "case, line 2: unknown key scheme.qqqqqqqqqqq; 'wpg help scheme' lists the keys of [scheme]");
  CHECK(parse_message("[scheme]\ngamma = 1\n\ngamma = 2\n") ==
        "case, line 4: scheme.gamma is given twice (first: case, line 2)");
  CHECK(parse_message("[scheme]\ngamma = 1\n[run]\n[scheme]\ngamma = 2\n").find("given twice") != std::string::npos);
  CHECK(parse_message("[scheme]\ngamma 0.1\n") == "case, line 2: 'gamma 0.1' is not a line of the form key = value");
  CHECK(parse_message("[scheme]\n= 0.1\n").find("line 2") != std::string::npos);
  CHECK(parse_message("gamma = 0.1\n").find("before the first [section]") != std::string::npos);
  CHECK(parse_message("[scheme\ngamma = 0.1\n").find("case, line 1") == 0);
}

TEST_CASE("the command line beats the environment, the case file, the preset and the defaults") {
  const Folder folder;
  folder.write("boxes/b.ini", "[grid]\ncells = 10\nlower = -1\nupper = 1\nboundary = free\n");
  const std::string file =
      folder.write("my-case/run.ini", "[grid]\npreset = ../boxes/b.ini\nupper = 2\n[run]\nseed = 2\n");
  CHECK(Config::load(file, {}).integer("run.seed") == 2);
  CHECK(Config::load(file, {}).name() == "my-case");
  CHECK(Config::load((folder.path / "my-case").string(), {}).name() == "my-case");
  const Variable seed("WPG_RUN_SEED", "3");
  const Variable iterations("WPG_JKO_MAX_ITERATIONS", "77");
  const Config c = Config::load(file, {{"grid.lower", "-3"}});
  CHECK(c.number("grid.lower") == -3.0);
  CHECK(c.number("grid.upper") == 2.0);
  CHECK(c.text("grid.boundary") == "free");
  CHECK(c.integer("grid.cells") == 10);
  CHECK(c.integer("run.seed") == 3);
  CHECK(c.integer("jko.max-iterations") == 77);
  CHECK(Config::load(file, {{"run.seed", "4"}}).integer("run.seed") == 4);
}

TEST_CASE("a preset that is absent or holds other keys is an error, and so is an unknown variable or override") {
  const Folder folder;
  folder.write("bad.ini", "[run]\nseed = 1\n");
  CHECK_THROWS_AS(Config::parse("[grid]\npreset = none-such.ini\n", folder.path.string()), InputError);
  CHECK(message([&] {
          Config::parse("[grid]\npreset = bad.ini\n", folder.path.string());
        }).find("run.seed does not belong in a grid preset") != std::string::npos);
  CHECK_THROWS_AS(Config::load((folder.path / "absent.ini").string(), {}), InputError);
  CHECK_THROWS_AS(Config::load(folder.path.string(), {}), InputError);
  CHECK(message([] { Config::parse("", ".", {{"run.sed", "1"}}); }) == "unknown key run.sed; did you mean run.seed?");
  const Variable typo("WPG_RUN_SED", "3");
  CHECK(message([] { Config::parse("", "."); }) ==
        "environment: unknown variable WPG_RUN_SED; did you mean WPG_RUN_SEED?");
}

TEST_CASE("paths are found beside the case file") {
  const Folder folder;
  folder.write("data.csv", "x\n1\n");
  const Config c = Config::parse("[initial]\nfile = data.csv\n", folder.path.string());
  CHECK(fs::equivalent(c.path("initial.file"), folder.path / "data.csv"));
}

TEST_CASE("the resolved case holds what was given and the defaults that were used") {
  const Config c = Config::parse("[scheme]\ngamma = 0.1\n", ".");
  c.number("jko.tolerance");
  const auto json = nlohmann::json::parse(c.json());
  CHECK(json == nlohmann::json{{"scheme", {{"gamma", "0.1"}}}, {"jko", {{"tolerance", "1e-8"}}}});
}

TEST_CASE("options are declared once, in section.key form, with help") {
  std::set<std::string> keys;
  for (const Option& option : options()) {
    CHECK(keys.insert(option.key).second);
    CHECK(option.key.find('.') != std::string::npos);
    CHECK_FALSE(option.help.empty());
    CHECK_FALSE(option.admissible.empty());
  }
}

TEST_CASE("command lines") {
  const CommandLine line = read_command_line(
      {"run", "a.ini", "--grid.lower", "-4 -4", "--scheme.gamma=0.1", "--initial.mean", "-4", "--json"});
  CHECK(line.words == std::vector<std::string>{"run", "a.ini"});
  CHECK(line.json);
  CHECK_FALSE(line.quiet);
  REQUIRE(line.overrides.size() == 3);
  CHECK(line.overrides[0] == std::pair<std::string, std::string>{"grid.lower", "-4 -4"});
  CHECK(line.overrides[2] == std::pair<std::string, std::string>{"initial.mean", "-4"});
  CHECK(message([] {
          read_command_line({"run", "--scheme.gama", "1"});
        }) == "command line: unknown option --scheme.gama; did you mean --scheme.gamma?");
  CHECK(message([] {
          read_command_line({"run", "--output.qqqqqqqqqq", "1"});
        }) == "command line: unknown option --output.qqqqqqqqqq; 'wpg help output' lists the keys of [output]");
  CHECK(message([] { read_command_line({"run", "--jsn"}); }).find("did you mean --json?") != std::string::npos);
  CHECK_FALSE(message([] { read_command_line({"run", "--scheme.gamma"}); }).empty());
  CHECK_FALSE(message([] { read_command_line({"run", "--scheme.gamma", "--json"}); }).empty());
  CHECK_FALSE(message([] { read_command_line({"run", "--json=yes"}); }).empty());
  CHECK_FALSE(message([] { read_command_line({"run", "--scheme.gam", "1"}); }).empty());
  CHECK(message([] { read_command_line({"--run.seed", "1", "--run.seed", "2"}); }).find("twice") != std::string::npos);
}

TEST_CASE("suggestions need a resemblance") {
  const std::vector<std::string> names = {"scheme.gamma", "scheme.steps"};
  CHECK(closest("scheme.stesp", names) == "scheme.steps");
  CHECK(closest("gamma", names) == "scheme.gamma");
  CHECK(closest("completely-else", names).empty());
  CHECK(split("  a, b\tc ") == std::vector<std::string>{"a", "b", "c"});
  CHECK(bytes_text(3.0 * 1024 * 1024) == "3.0 MiB");
  CHECK(seconds_text(0.25) == "250 ms");
}
