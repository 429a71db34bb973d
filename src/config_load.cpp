#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "config_sources.hpp"
#include "text.hpp"
#include "wpg/config.hpp"
#include "wpg/error.hpp"

#ifndef WPG_DATA_FOLDERS
#define WPG_DATA_FOLDERS ""
#endif

namespace wpg {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path, const std::string& what) {
  std::ifstream in(path, std::ios::binary);
  if (!in || fs::is_directory(path)) throw InputError(what + " " + path.string() + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Written> checked(const std::vector<std::pair<std::string, std::string>>& overrides) {
  std::vector<Written> all;
  for (const auto& [key, value] : overrides) {
    if (!is_option(key)) throw UsageError(unknown_key(key));
    all.push_back({key, trimmed(value), "command line"});
  }
  return all;
}

/// The preset file: relative to the working directory, the case's folder or a folder of the program's own data.
fs::path find_preset(const std::string& written, const std::string& folder, const std::string& origin) {
  std::vector<std::string> places = {"", folder};
  for (const std::string& place : split(WPG_DATA_FOLDERS, ":")) places.push_back(place);
  for (const std::string& place : places) {
    fs::path path = fs::path(place) / written;
    std::error_code ignored;
    if (fs::is_regular_file(path, ignored)) return path;
  }
  throw InputError("grid.preset = " + written + " (" + origin + "): no such file");
}

std::vector<Written> read_preset(const fs::path& path) {
  std::vector<Written> all = read_case(read_text(path, "grid preset"), path.string());
  for (const Written& w : all) {
    if (w.key.starts_with("grid.") && w.key != "grid.preset") continue;
    throw UsageError(w.origin + ": " + w.key + " does not belong in a grid preset");
  }
  return all;
}

}  // namespace

Config Config::load(const std::string& path, const std::vector<std::pair<std::string, std::string>>& overrides) {
  fs::path file = path;
  if (fs::is_directory(file)) file /= "run.ini";
  if (!fs::exists(file)) throw InputError("case file " + file.string() + ": no such file");
  const fs::path folder = fs::absolute(file).lexically_normal().parent_path();
  Config config;
  config.name_ = file.stem() == "run" ? folder.filename().string() : file.stem().string();
  config.fill(read_text(file, "case file"), file.string(), folder.string(), overrides);
  return config;
}

Config Config::parse(const std::string& text, const std::string& folder,
                     const std::vector<std::pair<std::string, std::string>>& overrides) {
  Config config;
  config.name_ = "case";
  config.fill(text, "case", folder, overrides);
  return config;
}

void Config::fill(const std::string& text, const std::string& file, const std::string& folder,
                  const std::vector<std::pair<std::string, std::string>>& overrides) {
  folder_ = folder;
  const auto add = [&](const std::vector<Written>& all) {
    for (const Written& w : all) values_.try_emplace(w.key, Value{w.value, w.origin, true});
  };
  add(checked(overrides));
  add(read_environment());
  add(read_case(text, file));
  if (has("grid.preset")) {
    const Value& preset = values_.at("grid.preset");
    add(read_preset(find_preset(preset.text, folder_, preset.origin)));
  }
  add_defaults();
}

void Config::add_defaults() {
  for (const Option& option : options()) {
    if (!option.default_value.empty()) values_.try_emplace(option.key, Value{option.default_value, "default", false});
  }
}

Config Config::without(const std::vector<std::string>& keys) const {
  Config copy = *this;
  for (const std::string& key : keys) copy.values_.erase(key);
  copy.add_defaults();
  return copy;
}

std::string Config::json() const {
  nlohmann::ordered_json sections;
  for (const Option& option : options()) {
    if (!has(option.key) || (!given(option.key) && !asked_.contains(option.key))) continue;
    const std::size_t dot = option.key.find('.');
    sections[option.key.substr(0, dot)][option.key.substr(dot + 1)] = values_.at(option.key).text;
  }
  return sections.dump();
}

}  // namespace wpg
