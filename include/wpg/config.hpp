#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "wpg/grid.hpp"

namespace wpg {

/// One key of a case file. The table of all keys, in options.cpp, is the only place where an option is declared:
/// help, defaults, unknown-key suggestions and the resolved case are made from it.
struct Option {
  std::string key;            ///< "section.name"
  std::string default_value;  ///< as it would be written in a case file; empty: no default
  std::string admissible;     ///< in words, for help and error messages
  std::string help;
};

/// All keys, section by section, in the order in which help prints them.
std::span<const Option> options();

/// Pairs of "section.key" and value that are stronger than a case file.
using Overrides = std::vector<std::pair<std::string, std::string>>;

/// A case: the values of all keys, from (strongest first) the command line, the environment (WPG_SECTION_KEY), the case
/// file, the grid preset it names and the defaults. Getters check the type and throw UsageError naming key, value and
/// what is admissible.
class Config {
 public:
  /// Reads a case file, or the run.ini of a folder (InputError if it cannot be read), a grid preset it names, and the
  /// overrides; throws UsageError on unknown or duplicate keys. `overrides` are pairs of "section.key" and value.
  /// In a case file '#' starts a comment anywhere and ';' at the start of a line.
  static Config load(const std::string& path, const std::vector<std::pair<std::string, std::string>>& overrides);
  /// A copy in which some keys are as if nobody had written them.
  Config without(const std::vector<std::string>& keys) const;
  /// From the text of a case file instead of a path; relative data paths are resolved against `folder`.
  static Config parse(const std::string& text, const std::string& folder,
                      const std::vector<std::pair<std::string, std::string>>& overrides = {});

  /// Whether the key has a value, written or by default.
  bool has(const std::string& key) const;
  /// Whether the user wrote the key (in the file, its grid preset, the environment or on the command line).
  bool given(const std::string& key) const;
  std::string text(const std::string& key) const;
  double number(const std::string& key) const;    ///< finite
  double positive(const std::string& key) const;  ///< finite and > 0
  Index integer(const std::string& key, Index at_least = 0) const;
  bool flag(const std::string& key) const;  ///< true | false | yes | no | on | off
  std::vector<std::string> words(const std::string& key) const;
  std::vector<double> numbers(const std::string& key) const;   ///< finite, separated by blanks or commas
  Point point(const std::string& key, int dimension) const;    ///< exactly `dimension` numbers
  Tensor matrix(const std::string& key, int dimension) const;  ///< dimension^2 numbers, row by row
  /// A path: as written if absolute, else relative to the working directory if it exists there, else to the case file's
  /// folder.
  std::string path(const std::string& key) const;

  /// The error for a value that is well-formed but not admissible here.
  [[noreturn]] void reject(const std::string& key, const std::string& admissible) const;

  /// Name of the case: its file's folder or stem.
  std::string name() const;
  /// The resolved case, as JSON {"section": {"key": "value"}}: every key that was given, and the defaults of those
  /// that have been asked for so far.
  std::string json() const;

 private:
  struct Value {
    std::string text;
    std::string origin;  ///< where it was written, for messages
    bool given = false;  ///< false: the default
  };
  void fill(const std::string& text, const std::string& file, const std::string& folder,
            const std::vector<std::pair<std::string, std::string>>& overrides);
  void add_defaults();

  std::map<std::string, Value> values_;
  mutable std::set<std::string> asked_;
  std::string folder_;
  std::string name_;
};

/// Loads the case with some more overrides, stronger than all others.
using LoadCase = std::function<Config(const Overrides&)>;

}  // namespace wpg
