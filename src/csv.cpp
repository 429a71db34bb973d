#include "wpg/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

#include "wpg/error.hpp"

namespace wpg {
namespace {

using Row = std::vector<std::string>;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Reads rows and knows where it is, for messages.
class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), file_(path) {
    if (!file_) throw InputError(path + ": cannot be read");
  }

  /// The fields of the next line that has any; false at the end of the file.
  bool next(Row& fields) {
    std::string line;
    while (std::getline(file_, line)) {
      if (++line_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
      line = trimmed(line);
      if (line.empty() || line.front() == '#') continue;
      split(line, fields);
      return true;
    }
    if (file_.bad()) fail("cannot be read further");
    return false;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw InputError(path_ + ", line " + std::to_string(line_) + ": " + what);
  }

 private:
  void split(const std::string& line, Row& fields) const {
    fields.clear();
    std::size_t at = 0;
    while (true) {
      at = std::min(line.find_first_not_of(" \t", at), line.size());
      fields.push_back(at < line.size() && line[at] == '"' ? quoted(line, at) : plain(line, at));
      if (at == line.size()) return;
      ++at;
    }
  }

  /// Both leave `at` at the comma behind the field or at the end of the line.
  static std::string plain(const std::string& line, std::size_t& at) {
    const std::size_t begin = at;
    at = std::min(line.find(',', at), line.size());
    return trimmed(line.substr(begin, at - begin));
  }

  std::string quoted(const std::string& line, std::size_t& at) const {
    std::string field;
    for (++at; at < line.size(); ++at) {
      if (line[at] != '"') {
        field += line[at];
      } else if (at + 1 < line.size() && line[at + 1] == '"') {
        field += line[at++];
      } else {
        at = std::min(line.find_first_not_of(" \t", at + 1), line.size());
        if (at < line.size() && line[at] != ',') fail("text after the closing quote of field \"" + field + "\"");
        return field;
      }
    }
    fail("a quote is not closed");
  }

  std::string path_;
  std::ifstream file_;
  long line_ = 0;
};

std::string listed(const Row& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

std::size_t position(const Row& header, const std::string& column, const Reader& reader) {
  const auto count = std::count(header.begin(), header.end(), column);
  if (count == 1) return static_cast<std::size_t>(std::find(header.begin(), header.end(), column) - header.begin());
  reader.fail((count == 0 ? "there is no column '" : "there is more than one column '") + column +
              "'; the columns are: " + listed(header));
}

double cell(const Row& fields, std::size_t position, const Row& header, const Reader& reader) {
  double number = 0.0;
  if (!parse_number(fields[position], number) || !std::isfinite(number)) {
    reader.fail("column '" + header[position] + "': '" + fields[position] + "' is not a finite number");
  }
  return number;
}

}  // namespace

bool parse_number(const std::string& text, double& number) {
  std::string word = trimmed(text);
  if (word.size() > 1 && word[0] == '+' && word[1] != '-') word.erase(0, 1);
  const char* const end = word.data() + word.size();
  const auto result = std::from_chars(word.data(), end, number);
  return !word.empty() && result.ec == std::errc() && result.ptr == end;
}

Eigen::MatrixXd read_csv(const std::string& path, const std::vector<std::string>& columns) {
  Reader reader(path);
  Row header;
  Row fields;
  if (!reader.next(header)) throw InputError(path + ": is empty");
  std::vector<std::size_t> positions;
  positions.reserve(columns.size());
  for (const std::string& column : columns) positions.push_back(position(header, column, reader));
  std::vector<double> numbers;
  while (reader.next(fields)) {
    if (fields.size() != header.size()) {
      reader.fail(std::to_string(fields.size()) + " fields where the header has " + std::to_string(header.size()));
    }
    for (const std::size_t p : positions) numbers.push_back(cell(fields, p, header, reader));
  }
  if (numbers.empty()) throw InputError(path + ": has no rows below its header");
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto width = static_cast<Eigen::Index>(columns.size());
  return Eigen::Map<const RowMajor>(numbers.data(), static_cast<Eigen::Index>(numbers.size()) / width, width);
}

}  // namespace wpg
