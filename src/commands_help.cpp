#include <algorithm>
#include <ostream>

#include "commands.hpp"
#include "text.hpp"
#include "wpg/config.hpp"
#include "wpg/error.hpp"

#ifndef WPG_VERSION
#define WPG_VERSION "0.1.0"
#endif
#ifndef WPG_COMMIT
#define WPG_COMMIT ""
#endif

namespace wpg {
namespace {

const char* const commands = R"(wpg: Wasserstein gradient flows on regular grids

  wpg run CASE.ini [options]       simulate; writes one HDF5 file and prints a summary
  wpg compare CASES [options]      several cases or schemes side by side, in one table
  wpg validate CASE.ini [options]  hold every step against closed forms and the theory
  wpg info FILE.h5                 what is in a result file
  wpg list [KIND]                  what can be named in a case: schemes, potentials, initials, ...
  wpg help [COMMAND | SECTION]     this text, or the keys of a section of a case
  wpg version
)";

const char* const run_usage = R"(
Options of wpg run (CASE.ini may be a folder with a run.ini):
  --section.key VALUE   replaces a value of the case: --scheme.gamma 0.1 --grid.cells "64 64"
  --json                print the summary as one JSON object
  --quiet, -q           no progress, no summary
  --dry-run, -n         print the resolved case, the memory it needs and the plan; write nothing

The command line is stronger than the environment (WPG_SECTION_KEY, e.g. WPG_SCHEME_GAMMA), which is
stronger than the case file, its grid preset and the defaults. In a case file '#' starts a comment
anywhere, ';' at the start of a line.

Exit codes: 0 done; 64 bad usage or case; 66 missing or malformed input; 70 internal error;
74 output cannot be written; 75 did not converge, or a check of validate is violated; 130, 143
stopped by a signal, after the last snapshot is written.
)";

const char* const validate_usage = R"(
Options of wpg validate (CASE.ini may be a folder with a run.ini):
  --section.key VALUE   replaces a value of the case, as for wpg run
  --refine K            rerun the case for the orders of convergence: h and gamma halved K times,
                        epsilon doubled K times; K from 1 to 6
  --json                print the tables as one JSON object
  --quiet, -q           no tables: the exit code tells

The case is run twice, as it is and with twice the spacing, without writing a file. Every step is
held against the closed form of the scheme, where there is one, and against the theory's
inequalities: evi, rate, sublinear, descent. A check is violated where it fails by more than the
discretization error, which the change between the two runs estimates. W2 to the target is exact on
a line and between Gaussians; elsewhere, if V is convex or diagnostics.w2 = sinkhorn, it is the
debiased Sinkhorn divergence.

Exit codes: as for wpg run; 75 when a check is violated.
)";

const char* const compare_usage = R"(
Options of wpg compare (one case or several; each may be a folder with a run.ini):
  --scheme.name A,B,C   every case with each of these schemes, in place of its own
  --section.key VALUE   replaces a value of every case, as for wpg run
  --output.file FILE    result files are FILE-NAME-SCHEME.h5 (default FILE: output/compare)
  --json                print the table as one JSON object
  --quiet, -q           no progress, no table
  --dry-run, -n         print the runs and where they are compared; write nothing

The cases have one grid, initial density and target; their schemes, gamma and solvers may differ.
KL and W2^2 to the target are compared after equal numbers of steps and, where gamma differs, at
equal times; then what is left at the end, beside the closed form of the scheme where there is one,
and the wall time of a step. A scheme that cannot take a case is listed with the reason.

W2 is exact on a line and by moments where all runs stay Gaussian; elsewhere it is the debiased
Sinkhorn divergence, measured at the steps compared (diagnostics.w2-every: at others too).

Exit codes: as for wpg run; 75 when a run stops short of its tolerance, 64 when none could be made.
)";

std::string section_of(const Option& option) { return option.key.substr(0, option.key.find('.')); }

/// Words on lines of at most `width` characters.
std::string wrapped(const std::string& text, const std::string& indent, std::size_t width) {
  std::string lines = indent;
  std::size_t length = indent.size();
  for (const std::string& word : split(text, " ")) {
    if (length + word.size() + 1 > width && length > indent.size()) {
      lines += "\n" + indent;
      length = indent.size();
    }
    const std::string gap = length > indent.size() ? " " : "";
    lines += gap + word;
    length += gap.size() + word.size();
  }
  return lines + "\n";
}

void print_option(const Option& option, std::ostream& out) {
  const std::string by_default = option.default_value.empty() ? "" : " (default: " + option.default_value + ")";
  out << "  " << option.key << by_default << '\n'
      << wrapped(option.help + ". " + "Admissible: " + option.admissible + ".", "      ", 100);
}

void print_section(const std::string& section, std::ostream& out) {
  out << "\n[" << section << "]\n";
  for (const Option& option : options()) {
    if (section_of(option) == section) print_option(option, out);
  }
}

std::vector<std::string> sections() {
  std::vector<std::string> all;
  for (const Option& option : options()) {
    if (all.empty() || all.back() != section_of(option)) all.push_back(section_of(option));
  }
  return all;
}

}  // namespace

std::string version_text() {
  const std::string commit(WPG_COMMIT);
  return "wpg " WPG_VERSION + (commit.empty() ? std::string() : " (" + commit + ")");
}

int command_help(const std::vector<std::string>& topics, const Streams& streams) {
  const std::vector<std::string> known = sections();
  const std::string topic = topics.empty() ? "" : topics.front();
  if (std::find(known.begin(), known.end(), topic) != known.end() && topic != "run") {
    print_section(topic, streams.out);
    return 0;
  }
  const std::vector<std::string> plain = {"", "run", "compare", "validate", "info", "list", "help", "version"};
  if (std::find(plain.begin(), plain.end(), topic) == plain.end()) {
    throw UsageError("no help on " + topic + did_you_mean(topic, known));
  }
  streams.out << commands;
  if (topic == "compare") streams.out << compare_usage;
  if (topic == "validate") streams.out << validate_usage;
  if (!topic.empty() && topic != "run") return 0;
  streams.out << run_usage;
  for (const std::string& section : known) print_section(section, streams.out);
  return 0;
}

}  // namespace wpg
