#include "text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

namespace wpg {
namespace {

/// Levenshtein's edit distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

std::string formatted(const char* format, int digits, double value) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, digits, value);
  return buffer.data();
}

}  // namespace

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> pieces;
  std::size_t begin = text.find_first_not_of(separators);
  while (begin != std::string_view::npos) {
    const std::size_t end = text.find_first_of(separators, begin);
    pieces.emplace_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(separators, std::min(end, text.size()));
  }
  return pieces;
}

std::string joined(std::span<const std::string> pieces, std::string_view separator) {
  std::string text;
  for (const std::string& piece : pieces) {
    if (!text.empty()) text += separator;
    text += piece;
  }
  return text;
}

std::string closest(std::string_view word, std::span<const std::string> candidates) {
  std::size_t best = std::max<std::size_t>(2, word.size() / 4) + 1;
  std::string found;
  for (const std::string& candidate : candidates) {
    const std::string_view tail = std::string_view(candidate).substr(candidate.find('.') + 1);
    const std::size_t d = std::min(distance(word, candidate), distance(word, tail) + 1);
    if (d >= best || d >= word.size()) continue;
    best = d;
    found = candidate;
  }
  return found;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const std::string found = closest(word, candidates);
  return found.empty() ? "" : "; did you mean " + found + "?";
}

std::string shortest(double value, int digits) { return formatted("%.*g", digits, value); }

std::string aligned(std::span<const Cells> rows) {
  std::vector<std::size_t> widths;
  for (const Cells& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t k = 0; k + 1 < row.size(); ++k) widths[k] = std::max(widths[k], row[k].size());
  }
  std::string text;
  for (const Cells& row : rows) {
    for (std::size_t k = 0; k < row.size(); ++k) {
      text += "  " + row[k];
      if (k + 1 < row.size()) text.append(widths[k] - row[k].size(), ' ');
    }
    text += '\n';
  }
  return text;
}

std::string seconds_text(double seconds) {
  if (seconds < 1e-3) return formatted("%.*f us", 0, 1e6 * seconds);
  if (seconds < 1.0) return formatted("%.*f ms", seconds < 0.1 ? 1 : 0, 1e3 * seconds);
  if (seconds < 120.0) return formatted("%.*f s", 1, seconds);
  if (seconds < 7200.0) return formatted("%.*f min", 1, seconds / 60.0);
  return formatted("%.*f h", 1, seconds / 3600.0);
}

std::string bytes_text(double bytes) {
  if (bytes < 1024.0 * 1024.0) return formatted("%.*f KiB", 1, bytes / 1024.0);
  if (bytes < 1024.0 * 1024.0 * 1024.0) return formatted("%.*f MiB", 1, bytes / (1024.0 * 1024.0));
  return formatted("%.*f GiB", 2, bytes / (1024.0 * 1024.0 * 1024.0));
}

}  // namespace wpg
