#include <algorithm>
#include <iomanip>
#include <ostream>

#include "commands.hpp"
#include "text.hpp"
#include "wpg/error.hpp"
#include "wpg/factory.hpp"
#include "wpg/info.hpp"

namespace wpg {
namespace {

void print_kind(const std::string& kind, std::ostream& out) {
  constexpr int width = 20;
  out << kind << '\n';
  for (const Entry& entry : registry(kind)) {
    out << "  " << std::left << std::setw(width) << entry.name << ' ' << entry.description << '\n';
  }
}

}  // namespace

int command_info(const CommandLine& line, const Streams& streams) {
  if (line.words.size() != 2) throw UsageError("wpg info takes one result file: wpg info FILE.h5");
  streams.out << describe(RunFileReader(line.words[1]));
  return 0;
}

int command_list(const CommandLine& line, const Streams& streams) {
  const std::vector<std::string> kinds = registry_kinds();
  if (line.words.size() > 2) throw UsageError("wpg list takes at most one kind: " + joined(kinds, ", "));
  if (line.words.size() == 1) {
    for (const std::string& kind : kinds) print_kind(kind, streams.out);
    return 0;
  }
  const std::string& kind = line.words[1];
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    throw UsageError("wpg list: unknown kind " + kind + did_you_mean(kind, kinds) + " (kinds: " + joined(kinds, ", ") +
                     ")");
  }
  print_kind(kind, streams.out);
  return 0;
}

}  // namespace wpg
