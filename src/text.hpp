#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wpg {

std::string trimmed(std::string_view text);
/// The pieces of a text between blanks (and commas, where asked for).
std::vector<std::string> split(std::string_view text, std::string_view separators = " \t,");
std::string joined(std::span<const std::string> pieces, std::string_view separator);
/// The candidate closest to `word` by edit distance, or with `word` as its part after the dot; empty if none is close.
std::string closest(std::string_view word, std::span<const std::string> candidates);
/// "; did you mean X?" or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);
/// A number in the fewest of `digits` significant digits, as "%g" writes it.
std::string shortest(double value, int digits = 6);
/// A row of a table.
using Cells = std::vector<std::string>;
/// Rows with their columns aligned, two blanks before each. The last cell of a row may be of any length.
std::string aligned(std::span<const Cells> rows);
/// A number of seconds or bytes in a unit that suits its size.
std::string seconds_text(double seconds);
std::string bytes_text(double bytes);

}  // namespace wpg
