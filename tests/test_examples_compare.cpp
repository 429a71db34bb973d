#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

/// What wpg compare prints as JSON about an example with some schemes.
Json compared(const std::string& name, const std::string& schemes, const std::string& overrides) {
  const fs::path folder = fs::temp_directory_path() / ("wpg-" + name + "-" + std::to_string(getpid()));
  fs::create_directories(folder);
  const std::string out = (folder / "table.json").string();
  const std::string command = std::string("'") + WPG_PROGRAM + "' compare '" + WPG_SOURCE_DIR + "/examples/" + name +
                              "' --json --quiet --scheme.name " + schemes + " --output.file '" +
                              (folder / "c").string() + "' " + overrides + " > '" + out + "'";
  INFO(command);
  REQUIRE(std::system(command.c_str()) == 0);
  std::ifstream in(out);
  const Json json = Json::parse(in);
  fs::remove_all(folder);
  return json;
}

double end(const Json& run, const std::string& quantity) { return run.at("end").at(quantity).get<double>(); }

}  // namespace

TEST_CASE("example: schemes-compared ends at the bias of each scheme") {
  const Json json = compared("schemes-compared", "forward-backward,forward-flow,backward,forward,strang,svgd",
                             "--grid.cells 112 --scheme.steps 60 --output.every 0");
  REQUIRE(json.at("runs").size() == 6);
  for (const Json& run : json.at("runs")) CHECK(run.at("outcome") == "done");
  const Json &proximal = json.at("runs")[0], &langevin = json.at("runs")[1], &backward = json.at("runs")[2],
             &forward = json.at("runs")[3], &strang = json.at("runs")[4], &svgd = json.at("runs")[5];
  // KL of N(0, s) from N(0, 1).
  const auto kl = [](double s) { return (s - 1.0 - std::log(s)) / 2.0; };
  // The spacing of 1/8 leaves a relative variance of 2e-4 at most: a KL of 1e-8.
  CHECK(end(proximal, "kl") < 1e-8);
  CHECK(end(backward, "kl") < 1e-8);
  CHECK(end(forward, "kl") < 1e-8);
  CHECK(end(langevin, "kl") == doctest::Approx(kl(1.0 / 0.9)).epsilon(1e-3));
  CHECK(end(strang, "kl") == doctest::Approx(kl(0.2 / std::tanh(0.2))).epsilon(1e-2));
  CHECK(langevin.at("stationary").at("kl").get<double>() == doctest::Approx(kl(1.0 / 0.9)).epsilon(1e-9));
  // After one step the mean is -1.6 and the variance that of the scheme, exactly.
  const auto w2 = [](double mean, double variance) { return mean * mean + std::pow(std::sqrt(variance) - 1.0, 2); };
  const double pushed = 0.64 * 0.25;
  const double jko = (0.4 + pushed + std::sqrt(pushed * pushed + 0.8 * pushed)) / 2.0;
  const auto first = [](const Json& run) { return run.at("at_steps")[0].at("w2_squared").get<double>(); };
  CHECK(first(proximal) == doctest::Approx(w2(-1.6, jko)).epsilon(1e-3));
  CHECK(first(langevin) == doctest::Approx(w2(-1.6, pushed + 0.4)).epsilon(1e-3));
  // Mean -2/1.2; 1.44 b^2 - (0.48 + 0.25) b + 0.04 = 0.
  const double b = (0.73 + std::sqrt(0.73 * 0.73 - 4.0 * 1.44 * 0.04)) / 2.88;
  CHECK(first(backward) == doctest::Approx(w2(-2.0 / 1.2, b)).epsilon(1e-3));
  // Far from the end still, and the mean stays in front.
  CHECK(end(svgd, "kl") > 1e-3);
  CHECK(end(svgd, "kl") < 0.1);
}
