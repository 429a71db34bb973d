#include <algorithm>
#include <sstream>

#include "config_sources.hpp"
#include "text.hpp"
#include "wpg/config.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const Option& option : options()) {
    const std::string section = option.key.substr(0, option.key.find('.'));
    if (names.empty() || names.back() != section) names.push_back(section);
  }
  return names;
}

void check_section(const std::string& header, const std::string& where) {
  const std::string name = trimmed(header.substr(1, header.size() - 2));
  const std::vector<std::string> known = section_names();
  if (header.back() != ']') throw UsageError(where + ": '" + header + "' is not a [section]");
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    throw UsageError(where + ": unknown section [" + name + "]" + did_you_mean(name, known));
  }
}

void check_key_line(const std::string& line, const std::string& where, bool in_section) {
  const std::string key = trimmed(line.substr(0, line.find('=')));
  if (line.find('=') == std::string::npos || key.empty()) {
    throw UsageError(where + ": '" + line + "' is not a line of the form key = value");
  }
  if (!in_section) throw UsageError(where + ": " + key + " stands before the first [section]");
}

}  // namespace

std::string checked_lines(const std::string& text, const std::string& file, std::vector<std::string>& wheres) {
  std::istringstream in(text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text);
  std::string line, checked;
  bool in_section = false;
  for (int number = 1; std::getline(in, line); ++number) {
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty() || line[0] == ';') continue;
    const std::string where = file + ", line " + std::to_string(number);
    if (line[0] == '[') {
      check_section(line, where);
      in_section = true;
    } else {
      check_key_line(line, where, in_section);
      wheres.push_back(where);
    }
    checked += line + '\n';
  }
  return checked;
}

}  // namespace wpg
