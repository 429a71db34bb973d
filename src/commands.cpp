#include "commands.hpp"

#include <exception>
#include <new>
#include <ostream>

#include "text.hpp"
#include "wpg/error.hpp"
#include "wpg/kernel.hpp"

namespace wpg {
namespace {

const std::vector<std::string> names = {"run", "compare", "validate", "info", "list", "help", "version"};

void refuse_run_options(const CommandLine& line, const std::string& command) {
  const bool any = line.json || line.quiet || line.dry_run || !line.overrides.empty();
  if (any) throw UsageError("wpg " + command + " takes no options; see 'wpg help " + command + "'");
}

int dispatch(const CommandLine& line, const Streams& streams) {
  const std::string command = line.words.empty() ? "" : line.words.front();
  if (line.version || command == "version") {
    streams.out << version_text() << '\n';
    return 0;
  }
  if (line.help) return command_help(line.words, streams);
  if (command == "help") return command_help({line.words.begin() + 1, line.words.end()}, streams);
  if (command == "validate") return command_validate(line, streams);
  if (!line.refine.empty()) throw UsageError("--refine belongs to wpg validate");
  if (command == "run") return command_run(line, streams);
  if (command == "compare") return command_compare(line, streams);
  if (command.empty()) throw UsageError("no command; try 'wpg help'");
  if (command != "info" && command != "list") {
    throw UsageError("unknown command " + command + did_you_mean(command, names) + " ('wpg help' lists them)");
  }
  refuse_run_options(line, command);
  return command == "info" ? command_info(line, streams) : command_list(line, streams);
}

int fail(const Streams& streams, ExitCode code, const std::string& message) {
  streams.err << "wpg: " << message << '\n';
  return static_cast<int>(code);
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, const Streams& streams) {
  try {
    const int code = dispatch(read_command_line(arguments), streams);
    if (!streams.out.flush()) return fail(streams, ExitCode::io, "standard output: cannot be written");
    return code;
  } catch (const Error& error) {
    return fail(streams, error.code(), error.what());
  } catch (const InvalidValue& error) {
    return fail(streams, ExitCode::usage, error.what());
  } catch (const KernelRangeError& error) {
    return fail(streams, ExitCode::usage, std::string("jko.kernel does not serve this case: ") + error.what());
  } catch (const std::bad_alloc&) {
    return fail(streams, ExitCode::internal, "out of memory");
  } catch (const std::exception& error) {
    return fail(streams, ExitCode::internal, std::string("internal error: ") + error.what());
  }
}

}  // namespace wpg
