#pragma once
#include <iosfwd>
#include <string>
#include <vector>

#include "config_sources.hpp"
#include "wpg/config.hpp"

namespace wpg {

/// Where a command writes.
struct Streams {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
};

/// The whole program: runs the command that the arguments name and returns the exit code. Every error becomes one line
/// on `err`.
int run_program(const std::vector<std::string>& arguments, const Streams& streams);

int command_run(const CommandLine& line, const Streams& streams);
int command_compare(const CommandLine& line, const Streams& streams);
int command_validate(const CommandLine& line, const Streams& streams);
int command_info(const CommandLine& line, const Streams& streams);
int command_list(const CommandLine& line, const Streams& streams);
int command_help(const std::vector<std::string>& topics, const Streams& streams);

std::string version_text();
/// run.threads, where the case names it.
void use_threads(const Config& config);

}  // namespace wpg
