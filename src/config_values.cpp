#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "config_sources.hpp"
#include "text.hpp"
#include "wpg/config.hpp"
#include "wpg/error.hpp"

namespace wpg {
namespace {

const Option& declared(const std::string& key) {
  const auto found =
      std::find_if(options().begin(), options().end(), [&](const Option& option) { return option.key == key; });
  if (found == options().end()) throw std::logic_error("no option is named " + key);
  return *found;
}

/// A finite decimal number that takes up the whole word.
std::optional<double> to_number(const std::string& word) {
  if (word.find_first_not_of("0123456789+-.eE") != std::string::npos) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(word.c_str(), &end);
  if (end == word.c_str() || *end != '\0' || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string lowered(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

bool Config::has(const std::string& key) const {
  declared(key);
  const auto found = values_.find(key);
  return found != values_.end() && !found->second.text.empty();
}

bool Config::given(const std::string& key) const {
  declared(key);
  const auto found = values_.find(key);
  return found != values_.end() && found->second.given;
}

std::string Config::text(const std::string& key) const {
  if (!has(key)) {
    const std::string place = given(key) ? " is empty (" + values_.at(key).origin + ")" : " is missing";
    throw UsageError(key + place + ": must be " + declared(key).admissible);
  }
  asked_.insert(key);
  return values_.at(key).text;
}

double Config::number(const std::string& key) const {
  const std::optional<double> value = to_number(text(key));
  if (!value) reject(key, "a finite number");
  return *value;
}

double Config::positive(const std::string& key) const {
  const std::optional<double> value = to_number(text(key));
  if (!value || !(*value > 0.0)) reject(key, "a finite number above 0");
  return *value;
}

Index Config::integer(const std::string& key, Index at_least) const {
  const std::string word = text(key);
  Index value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || value < at_least) {
    reject(key, "a whole number, at least " + std::to_string(at_least));
  }
  return value;
}

bool Config::flag(const std::string& key) const {
  const std::string word = lowered(text(key));
  if (word == "true" || word == "yes" || word == "on") return true;
  if (word != "false" && word != "no" && word != "off") reject(key, "true, yes, on, false, no or off");
  return false;
}

std::vector<std::string> Config::words(const std::string& key) const { return split(text(key)); }

std::vector<double> Config::numbers(const std::string& key) const {
  std::vector<double> values;
  for (const std::string& word : words(key)) {
    const std::optional<double> value = to_number(word);
    if (!value) reject(key, "finite numbers separated by blanks ('" + word + "' is not one)");
    values.push_back(*value);
  }
  return values;
}

Point Config::point(const std::string& key, int dimension) const {
  const std::vector<double> values = numbers(key);
  if (static_cast<int>(values.size()) != dimension) {
    reject(key, std::to_string(dimension) + " number" + (dimension == 1 ? "" : "s") + ", one per axis");
  }
  return Eigen::Map<const Eigen::VectorXd>(values.data(), dimension);
}

Tensor Config::matrix(const std::string& key, int dimension) const {
  const std::vector<double> values = numbers(key);
  if (static_cast<int>(values.size()) != dimension * dimension) {
    const std::string d = std::to_string(dimension);
    reject(key, "a " + d + " x " + d + " matrix, row by row: " + std::to_string(dimension * dimension) + " number" +
                    (dimension == 1 ? "" : "s"));
  }
  return Eigen::Map<const Eigen::MatrixXd>(values.data(), dimension, dimension).transpose();
}

std::string Config::path(const std::string& key) const {
  const std::filesystem::path written = text(key);
  std::error_code ignored;
  if (written.is_absolute() || std::filesystem::exists(written, ignored)) return written.string();
  return (std::filesystem::path(folder_) / written).string();
}

void Config::reject(const std::string& key, const std::string& admissible) const {
  const auto found = values_.find(key);
  if (found == values_.end()) throw UsageError(key + " is missing: must be " + admissible);
  const Value& value = found->second;
  throw UsageError(key + " = " + value.text + " (" + value.origin + "): must be " + admissible);
}

std::string Config::name() const { return name_; }

}  // namespace wpg
