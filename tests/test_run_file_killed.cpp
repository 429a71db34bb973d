#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <random>

#include "program.hpp"
#include "run_file_case.hpp"
#include "wpg/error.hpp"

using namespace wpg;
using namespace run_file_case;

namespace {

/// Runs body in a process of its own, which ends by itself with body's exit code.
template <class Body>
pid_t start(Body&& body) {
  const pid_t child = fork();
  if (child != 0) return child;
  _exit(body());
}

int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

int write_forever(const std::string& path) {
  const Problem made = problem(2);
  RunFile file(path, header(), made, diagnostics());
  for (int k = 0;; ++k) {
    for (int step = 3 * k; step < 3 * (k + 1); ++step) file.append_diagnostics(0.1 * step, row(2, step));
    file.write_snapshot(k, snapshot(made.grid, k));
  }
}

/// Everything committed is there and right; returns the number of snapshots.
int check_all(const std::string& path) {
  const RunFileReader file(path);
  const int count = static_cast<int>(file.times().size());
  for (int k = 0; k < count; ++k) {
    if (file.times()[static_cast<std::size_t>(k)] != k) FAIL("time " << k << " is wrong");
    if (!(file.snapshot(k).values == snapshot(grid(2), k).values).all()) FAIL("snapshot " << k << " is wrong");
  }
  const std::vector<double> energy = file.values("energy");
  CHECK(energy.size() == file.series_times().size());
  for (std::size_t step = 0; step < energy.size(); ++step) {
    if (energy[step] != row(2, static_cast<int>(step))[0]) FAIL("energy " << step << " is wrong");
  }
  return count;
}

}  // namespace

TEST_CASE("what a killed writer committed can be read") {
  // More kills than the default, for a thorough check: WPG_KILLS=2000.
  const char* const asked = std::getenv("WPG_KILLS");
  const int kills = asked != nullptr ? std::atoi(asked) : 20;
  std::mt19937 random(7);
  std::uniform_int_distribution<useconds_t> delay(2000, 40000);  // microseconds; a snapshot takes a few hundred
  int with_snapshots = 0;
  for (int k = 0; k < kills; ++k) {
    CAPTURE(k);
    const Folder folder;
    const std::string path = folder.file("run.h5");
    const pid_t child = start([&] { return write_forever(path); });
    // On a busy machine a process may need longer to come to its first snapshot.
    usleep(delay(random) * (with_snapshots > 0 ? 1U : static_cast<useconds_t>(k + 1)));
    kill(child, SIGKILL);
    wait_for(child);
    if (!std::filesystem::exists(path)) continue;  // killed before the first commit
    CHECK(check_all(path) > 0);
    ++with_snapshots;
  }
  CHECK(with_snapshots > 0);
}

TEST_CASE("a full disk is reported with the system's reason, and what was committed stays readable") {
  const Folder folder;
  const std::string path = folder.file("run.h5");
  const auto fill = [&] {
    signal(SIGXFSZ, SIG_IGN);  // so that writing beyond the limit fails, as on a full disk
    const rlimit limit{600000, 600000};
    setrlimit(RLIMIT_FSIZE, &limit);
    if (freopen(folder.file("said").c_str(), "w", stderr) == nullptr) return 9;
    try {
      write_forever(path);
    } catch (const IoError& error) {
      const std::string line = error.what();
      return line.starts_with(path + ": ") && line.ends_with("File too large") ? 0 : 1;
    }
    return 2;
  };
  const int status = wait_for(start(fill));
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(check_all(path) > 10);
  CHECK(std::filesystem::file_size(folder.file("said")) == 0);
}

// The library, closed after a write that failed, may crash where the program ends.
TEST_CASE("the program ends with its own exit code where a disk becomes full") {
  const program::Sandbox sandbox;
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit limit{500000, before.rlim_max};
  const auto handler = signal(SIGXFSZ, SIG_IGN);  // the program inherits both
  setrlimit(RLIMIT_FSIZE, &limit);
  const auto outcome = sandbox.run({"run", "small.ini", "--scheme.steps=2000", "--output.file=full.h5"});
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  CHECK(outcome.code == 74);
  CHECK(outcome.err.ends_with("full.h5: cannot write: File too large\n"));
  CHECK(RunFileReader(sandbox.path("full.h5").string()).times().size() > 1);
}

TEST_CASE("nothing is left behind where not even the head of a file fits") {
  const Folder folder;
  const auto fill = [&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      const RunFile file(folder.file("run.h5"), header(), problem(2), diagnostics());
    } catch (const IoError&) {
      return 0;
    }
    return 1;
  };
  CHECK(WEXITSTATUS(wait_for(start(fill))) == 0);
  CHECK(std::filesystem::is_empty(folder.path));
}
