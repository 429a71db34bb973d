#pragma once
#include <Eigen/Core>
#include <string>
#include <vector>

namespace wpg {

/// The named columns of a file of comma-separated values, one row per observation, in the order of `columns`.
///
/// The first line that is neither blank nor a comment holds the names. Fields may be quoted ("" inside quotes is one
/// quote); blanks around unquoted fields, blank lines, lines that start with #, a byte order mark and Windows line
/// ends are ignored. Only the named columns have to be numeric, and they have to be finite.
/// Throws InputError naming the file and, where there is one, the line and the column: file unreadable or without
/// rows, a column that does not exist or is not unique, a row with too few or too many fields, a field that is not a
/// finite number.
Eigen::MatrixXd read_csv(const std::string& path, const std::vector<std::string>& columns);

/// The number a whole text stands for (blanks around it are allowed), in the C locale; false if it is none.
bool parse_number(const std::string& text, double& number);

}  // namespace wpg
