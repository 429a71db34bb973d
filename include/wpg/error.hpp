#pragma once
#include <stdexcept>
#include <string>

namespace wpg {

/// Exit codes of the program; the library's errors carry the one that fits.
enum class ExitCode {
  done = 0,
  usage = 64,          ///< bad command line or case file
  missing_input = 66,  ///< an input file is absent or malformed
  internal = 70,       ///< a bug
  io = 74,             ///< output cannot be written, or a result file cannot be read
  not_converged = 75,  ///< a solver stopped short of its tolerance, or a validation failed
};

/// Base of all errors meant for the user: one line, and the exit code that goes with it.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& line) : std::runtime_error(line), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

/// Unknown key, wrong type or value out of range, already put into words.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& line) : Error(ExitCode::usage, line) {}
};

/// A parameter outside its admissible range. Thrown by constructors, which know the parameter's name but
/// not where it was written; the factory prefixes the section and so turns it into a UsageError.
class InvalidValue : public std::invalid_argument {
 public:
  InvalidValue(const std::string& name, const std::string& given, const std::string& range)
      : std::invalid_argument(name + " = " + given + ": must be " + range),
        parameter(name),
        value(given),
        admissible(range) {}

  std::string parameter, value, admissible;
};

/// An input file is absent, unreadable or malformed.
class InputError : public Error {
 public:
  explicit InputError(const std::string& line) : Error(ExitCode::missing_input, line) {}
};

/// A result cannot be written or read back.
class IoError : public Error {
 public:
  explicit IoError(const std::string& line) : Error(ExitCode::io, line) {}
};

/// A solver stopped short of its tolerance.
class ConvergenceError : public Error {
 public:
  explicit ConvergenceError(const std::string& line) : Error(ExitCode::not_converged, line) {}
};

}  // namespace wpg
