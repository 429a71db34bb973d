#include <algorithm>

#include "factory_tables.hpp"
#include "text.hpp"

namespace wpg {
namespace {

std::string section_of(const std::string& key) { return key.substr(0, key.find('.')); }

Point sized(std::vector<double>::const_iterator from, int dimension) {
  return Eigen::Map<const Eigen::VectorXd>(&*from, dimension);
}

/// The covariance of component i: a whole matrix, a variance of its own or one for all.
Tensor covariance_of(const std::vector<double>& numbers, std::size_t i, std::size_t count, int d) {
  const std::size_t entries = static_cast<std::size_t>(d) * static_cast<std::size_t>(d);
  if (numbers.size() == count * entries) {
    return Eigen::Map<const Eigen::MatrixXd>(&numbers[i * entries], d, d).transpose();
  }
  return Tensor::Identity(d, d) * (numbers.size() == 1 ? numbers[0] : numbers[i]);
}

}  // namespace

Point per_axis(const Config& config, const std::string& key, int dimension) {
  const std::vector<double> numbers = config.numbers(key);
  if (numbers.size() == 1) return Point::Constant(dimension, numbers[0]);
  return config.point(key, dimension);
}

Tensor matrix_or_multiple(const Config& config, const std::string& key, int dimension) {
  const std::vector<double> numbers = config.numbers(key);
  if (numbers.size() == 1) return numbers[0] * Tensor::Identity(dimension, dimension);
  return config.matrix(key, dimension);
}

MixtureKeys read_mixture(const Config& config, const std::string& section, int dimension) {
  const auto d = static_cast<std::size_t>(dimension);
  const std::vector<double> means = config.numbers(section + ".means");
  const std::vector<double> covariances = config.numbers(section + ".covariances");
  if (means.size() % d != 0) {
    config.reject(section + ".means", "a multiple of " + std::to_string(d) + " numbers: the components' means");
  }
  const std::size_t count = means.size() / d;
  if (covariances.size() != 1 && covariances.size() != count && covariances.size() != count * d * d) {
    config.reject(section + ".covariances",
                  std::to_string(count * d * d) + " numbers (matrices, row by row), " + std::to_string(count) +
                      " (one variance per component) or one, as there are " + std::to_string(count) + " means");
  }
  MixtureKeys keys{std::vector<double>(count, 1.0), {}};
  if (config.has(section + ".weights")) keys.weights = config.numbers(section + ".weights");
  for (std::size_t i = 0; i < count; ++i) {
    const auto mean = means.begin() + static_cast<std::ptrdiff_t>(i * d);
    keys.components.push_back({sized(mean, dimension), covariance_of(covariances, i, count, dimension)});
  }
  return keys;
}

std::vector<std::string> unused_keys(const Config& config, const std::string& type,
                                     const std::vector<std::string>& used, const std::vector<std::string>& shared) {
  const std::string section = section_of(type);
  const auto reads = [&](const std::string& key) {
    const auto is_key = [&](const std::string& name) { return key == section + "." + name; };
    return key == type || std::any_of(used.begin(), used.end(), is_key) ||
           std::any_of(shared.begin(), shared.end(), is_key);
  };
  std::vector<std::string> unused;
  for (const Option& option : options()) {
    if (section_of(option.key) == section && !reads(option.key) && config.given(option.key)) {
      unused.push_back(option.key);
    }
  }
  return unused;
}

void refuse_unused(const Config& config, const std::string& type, const std::vector<std::string>& used,
                   const std::vector<std::string>& shared) {
  const std::vector<std::string> unused = unused_keys(config, type, used, shared);
  if (unused.empty()) return;
  throw UsageError(unused.front() + " is not used by " + type + " = " + config.text(type) + "; it takes " +
                   (used.empty() ? "no other key" : joined(used, ", ")));
}

std::string put_into_words(const Config& config, const std::string& type, const InvalidValue& error) {
  const std::string key = section_of(type) + "." + error.parameter;
  const auto is_key = [&](const Option& option) { return option.key == key; };
  const std::string words = error.value + ": must be " + error.admissible;
  if (std::any_of(options().begin(), options().end(), is_key) && config.has(key)) return key + " = " + words;
  return type + " = " + config.text(type) + ": " + error.parameter + " = " + words;
}

}  // namespace wpg
