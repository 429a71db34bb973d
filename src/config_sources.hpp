#pragma once
#include <string>
#include <vector>

namespace wpg {

/// One key as somebody wrote it, and where: "run.ini, line 3", "environment", "command line".
struct Written {
  std::string key, value, origin;
};

/// A case file's text without comments and blanks; `wheres` gets the place of every line with a key. UsageError, naming
/// file and line, on unknown sections and on lines that are neither [section] nor key = value.
std::string checked_lines(const std::string& text, const std::string& file, std::vector<std::string>& wheres);
/// The keys of a case file's text. UsageError, naming file and line, on syntax, unknown keys and duplicates.
std::vector<Written> read_case(const std::string& text, const std::string& file);
/// The keys set by environment variables WPG_SECTION_KEY; UsageError on a WPG_ variable that is no key.
std::vector<Written> read_environment();

/// The words of a command line after the program's name.
struct CommandLine {
  std::vector<std::string> words;  ///< those that are not options: the command first
  std::vector<std::pair<std::string, std::string>> overrides;
  std::string refine;  ///< of validate; empty: not given
  bool json = false, quiet = false, dry_run = false, help = false, version = false;
};

/// UsageError on options that do not exist, miss their value or are given twice.
CommandLine read_command_line(const std::vector<std::string>& arguments);

/// The names of all keys, for suggestions.
std::vector<std::string> option_names();
bool is_option(const std::string& key);
/// What to say of a key that is none: the nearest one, or where the keys of its section are listed.
std::string unknown_key(const std::string& key);

}  // namespace wpg
