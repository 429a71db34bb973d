#include "wpg/config.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <sstream>

#include "config_sources.hpp"
#include "text.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

namespace po = boost::program_options;

po::options_description described() {
  po::options_description keys;
  for (const Option& option : options()) keys.add_options()(option.key.c_str(), po::value<std::string>());
  return keys;
}

std::string variable_of(const std::string& key) {
  std::string name = "WPG_" + key;
  for (char& c : name) c = c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

/// The key of an environment variable; empty for variables that are not ours.
std::string key_of(const std::string& variable) {
  if (!variable.starts_with("WPG_")) return "";
  std::vector<std::string> variables;
  for (const Option& option : options()) {
    variables.push_back(variable_of(option.key));
    if (variables.back() == variable) return option.key;
  }
  throw UsageError("environment: unknown variable " + variable + did_you_mean(variable, variables));
}

void refuse_duplicates(const std::vector<Written>& all) {
  for (auto it = all.begin(); it != all.end(); ++it) {
    const auto first = std::find_if(all.begin(), it, [&](const Written& other) { return other.key == it->key; });
    if (first == it) continue;
    throw UsageError(it->origin + ": " + it->key + " is given twice (first: " + first->origin + ")");
  }
}

/// Options without a value, with their short names.
const std::vector<std::pair<std::string, bool CommandLine::*>> switches = {
    {"json", &CommandLine::json},   {"quiet,q", &CommandLine::quiet},   {"dry-run,n", &CommandLine::dry_run},
    {"help,h", &CommandLine::help}, {"version", &CommandLine::version},
};

std::string long_name(const std::string& name) { return name.substr(0, name.find(',')); }

/// Where the keys of a key's section are listed, if there is such a section.
std::string where_listed(const std::string& key) {
  const std::string section = key.substr(0, key.find('.'));
  const bool exists = std::any_of(options().begin(), options().end(),
                                  [&](const Option& option) { return option.key.rfind(section + ".", 0) == 0; });
  return exists ? "; 'wpg help " + section + "' lists the keys of [" + section + "]" : "";
}

[[noreturn]] void refuse_unknown(const po::option& option) {
  std::vector<std::string> names = option_names();
  names.emplace_back("refine");
  for (const auto& [name, member] : switches) names.push_back(long_name(name));
  const std::string close = closest(option.string_key, names);
  throw UsageError("command line: unknown option " + option.original_tokens.at(0) +
                   (close.empty() ? where_listed(option.string_key) : "; did you mean --" + close + "?"));
}

po::parsed_options parse_words(const std::vector<std::string>& arguments, const po::options_description& known) {
  constexpr int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    return po::command_line_parser(arguments).options(known).style(style).allow_unregistered().run();
  } catch (const po::error& error) {
    throw UsageError("command line: " + std::string(error.what()));
  }
}

}  // namespace

std::vector<std::string> option_names() {
  std::vector<std::string> names;
  for (const Option& option : options()) names.push_back(option.key);
  return names;
}

bool is_option(const std::string& key) {
  return std::any_of(options().begin(), options().end(), [&](const Option& option) { return option.key == key; });
}

std::string unknown_key(const std::string& key) {
  const std::string near = did_you_mean(key, option_names());
  return "unknown key " + key + (near.empty() ? where_listed(key) : near);
}

std::vector<Written> read_case(const std::string& text, const std::string& file) {
  std::vector<std::string> wheres;
  std::istringstream checked(checked_lines(text, file, wheres));
  std::vector<Written> all;
  for (const po::option& option : po::parse_config_file(checked, described(), true).options) {
    const std::string& where = wheres[all.size()];
    if (!is_option(option.string_key)) {
      throw UsageError(where + ": " + unknown_key(option.string_key));
    }
    all.push_back({option.string_key, option.value.at(0), where});
  }
  refuse_duplicates(all);
  return all;
}

std::vector<Written> read_environment() {
  std::vector<Written> all;
  for (const po::option& option : po::parse_environment(described(), key_of).options) {
    all.push_back({option.string_key, trimmed(option.value.at(0)), "environment"});
  }
  return all;
}

CommandLine read_command_line(const std::vector<std::string>& arguments) {
  po::options_description known = described();
  for (const auto& [name, member] : switches) known.add_options()(name.c_str(), "");
  known.add_options()("refine", po::value<std::string>(), "");
  CommandLine line;
  std::vector<Written> written;
  for (const po::option& option : parse_words(arguments, known).options) {
    const std::string& key = option.string_key;
    if (option.unregistered) refuse_unknown(option);
    if (option.position_key >= 0) line.words.push_back(option.value.at(0));
    if (is_option(key)) {
      if (option.value.at(0).starts_with("--")) throw UsageError("command line: --" + key + " needs a value");
      written.push_back({key, trimmed(option.value.at(0)), "command line"});
    }
    if (key == "refine") line.refine = option.value.at(0);
    for (const auto& [name, member] : switches) line.*member |= key == long_name(name);
  }
  refuse_duplicates(written);
  for (const Written& w : written) line.overrides.emplace_back(w.key, w.value);
  return line;
}

}  // namespace wpg
